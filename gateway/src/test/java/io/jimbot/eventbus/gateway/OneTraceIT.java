package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.StreamEventsRequest;
import io.jimbot.events.v1.StreamEventsResponse;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.Subscription;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneTraceIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLERS = "00-" + TRACE + "-b7ad6b7169203331-01";

  @TempDir private Path directory;

  @Test
  void oneTraceShowsAnEventFromItsCallerToItsAcknowledgement() throws Exception {
    List<String> exported = new CopyOnWriteArrayList<>();
    HttpServer collector = collector(exported);
    try (TestKafka kafka = TestKafka.start(directory)) {
      GatewayServer gateway =
          GatewayServer.start(
              TestGateway.configuration(
                  Map.of(
                      "bootstrapServers",
                      kafka.bootstrapServers(),
                      "tracing.endpoint",
                      "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces")));
      TestGateway.awaitReady(gateway);
      ManagedChannel channel =
          Grpc.newChannelBuilder(
                  "127.0.0.1:" + gateway.grpcPort(), InsecureChannelCredentials.create())
              .build();
      Member member = new Member(channel);
      publish(gateway);
      await().atMost(PATIENCE).until(() -> member.deliveries.size() == 1);
      assertThat(member.deliveries.get(0).getTraceparent())
          .startsWith("00-" + TRACE)
          .isNotEqualTo(CALLERS);
      channel.shutdownNow();
      // Sends what waits for the collector.
      gateway.close();
    } finally {
      collector.stop(0);
    }

    String all = String.join("", exported);
    String trace = new String(HexFormat.of().parseHex(TRACE), ISO_8859_1);
    assertThat(all).contains("publish", "deliver", "settle");
    assertThat(all.split(java.util.regex.Pattern.quote(trace), -1)).hasSizeGreaterThan(3);
  }

  private static HttpServer collector(List<String> exported) throws Exception {
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          exported.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    return collector;
  }

  private static void publish(GatewayServer gateway) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.httpPort() + "/api/v1/events"))
                    .header("Content-Type", "application/json")
                    .header("traceparent", CALLERS)
                    .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"STEP\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  /** Acknowledges everything. */
  private static final class Member implements StreamObserver<StreamEventsResponse> {
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final StreamObserver<StreamEventsRequest> requests;

    Member(ManagedChannel channel) {
      requests = EventBusGrpc.newStub(channel).streamEvents(this);
      requests.onNext(
          StreamEventsRequest.newBuilder()
              .setOpen(
                  StreamOpen.newBuilder()
                      .setSubscription(
                          Subscription.newBuilder()
                              .addTopics("**")
                              .setGroup("traced")
                              .setStart(StartPosition.newBuilder().setEarliest(true))))
              .build());
    }

    @Override
    public void onNext(StreamEventsResponse response) {
      for (Delivery delivery : response.getDeliveries().getDeliveriesList()) {
        requests.onNext(
            StreamEventsRequest.newBuilder()
                .setAcknowledge(AcknowledgeRequest.newBuilder().addAckIds(delivery.getAckId()))
                .build());
        deliveries.add(delivery);
      }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
