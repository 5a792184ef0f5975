package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.jimbot.eventbus.gateway.telemetry.TraceCollector;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.PublishEventRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneTraceIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CALLERS_SPAN = "b7ad6b7169203331";

  /** Each span reads the time of day once and counts on from there. */
  private static final long CLOCKS_APART_NANOS = 20_000_000;

  private static final String BY_REST = "0af7651916cd43dd8448eb211c80319c";
  private static final String BY_GRPC = "4bf92f3577b34da6a3ce929d0e0e4736";

  @TempDir private Path directory;

  @Test
  void oneTraceShowsAnEventFromItsCallerThroughKafkaToItsAcknowledgement() throws Exception {
    try (TraceCollector collector = new TraceCollector();
        TestKafka kafka = TestKafka.start(directory)) {
      TestMember member;
      List<String> stored;
      try (GatewaysUnderTest gateways =
          new GatewaysUnderTest(
              kafka.bootstrapServers(),
              "traced",
              Map.of("tracing.endpoint", collector.endpoint()))) {
        GatewayServer gateway = gateways.start();
        ManagedChannel channel = gateways.connect(gateway);
        member = new TestMember(channel, "crew", d -> true);
        publishByRest(gateway);
        publishByGrpc(channel);
        await().atMost(PATIENCE).until(() -> member.handled.size() == 2);
        // Half-closed, so that what it has acknowledged is settled before the end.
        member.close();
        await().atMost(PATIENCE).until(() -> member.served.getCount() == 0);
        stored = traceparents(kafka, gateways.log());
      }
      // The gateway's end has sent what waited for the collector.
      for (String trace : List.of(BY_REST, BY_GRPC)) {
        assertIsOneWay(collector.spans(), trace, stored, member.received);
      }
      assertThat(collector.spans()).hasSize(8);
    }
  }

  /** Each step of a trace is there once and the parent of the next. */
  private static void assertIsOneWay(
      List<Span> spans, String trace, List<String> stored, List<Delivery> deliveries) {
    Span publish = step(spans, trace, "publish");
    Span send = step(spans, trace, "send");
    Span deliver = step(spans, trace, "deliver");
    Span settle = step(spans, trace, "settle");

    assertThat(hex(publish.getParentSpanId())).isEqualTo(CALLERS_SPAN);
    assertThat(send.getParentSpanId()).isEqualTo(publish.getSpanId());
    assertThat(deliver.getParentSpanId()).isEqualTo(send.getSpanId());
    assertThat(settle.getParentSpanId()).isEqualTo(deliver.getSpanId());
    assertThat(List.of(publish, send, deliver, settle))
        .extracting(Span::getKind)
        .containsExactly(
            Span.SpanKind.SPAN_KIND_SERVER,
            Span.SpanKind.SPAN_KIND_PRODUCER,
            Span.SpanKind.SPAN_KIND_CONSUMER,
            Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(publish.getEndTimeUnixNano())
        .isGreaterThan(send.getEndTimeUnixNano() - CLOCKS_APART_NANOS);
    assertThat(deliver.getEndTimeUnixNano())
        .isGreaterThan(settle.getEndTimeUnixNano() - CLOCKS_APART_NANOS);
    // Whoever reads Kafka goes on behind the one, whoever was delivered to behind the other.
    assertThat(stored).contains(context(trace, send));
    assertThat(deliveries)
        .filteredOn(delivery -> delivery.getTraceparent().equals(context(trace, deliver)))
        .singleElement()
        .satisfies(delivery -> assertSamePlace(delivery, send));
  }

  private static void assertSamePlace(Delivery delivery, Span send) {
    assertThat(send.getAttributesList())
        .anySatisfy(
            attribute -> {
              assertThat(attribute.getKey()).isEqualTo("messaging.kafka.offset");
              assertThat(attribute.getValue().getIntValue())
                  .isEqualTo(delivery.getPosition().getOffset());
            })
        .anySatisfy(
            attribute -> {
              assertThat(attribute.getKey()).isEqualTo("messaging.destination.partition.id");
              assertThat(attribute.getValue().getIntValue())
                  .isEqualTo(delivery.getPosition().getPartition());
            });
  }

  private static Span step(List<Span> spans, String trace, String name) {
    List<Span> found =
        spans.stream()
            .filter(span -> hex(span.getTraceId()).equals(trace) && span.getName().equals(name))
            .toList();
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }

  private static String context(String trace, Span span) {
    return "00-" + trace + "-" + hex(span.getSpanId()) + "-01";
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static List<String> traceparents(TestKafka kafka, String log) {
    return EventLog.read(kafka.bootstrapServers(), log).stream()
        .flatMap(
            record ->
                StreamSupport.stream(record.headers().headers("traceparent").spliterator(), false))
        .map(header -> new String(header.value(), UTF_8))
        .toList();
  }

  private static String callers(String trace) {
    return "00-" + trace + "-" + CALLERS_SPAN + "-01";
  }

  private static void publishByRest(GatewayServer gateway) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.httpPort() + "/api/v1/events"))
                    .header("Content-Type", "application/json")
                    .header("traceparent", callers(BY_REST))
                    .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"STEP\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private static void publishByGrpc(ManagedChannel channel) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), callers(BY_GRPC));
    EventBusGrpc.EventBusBlockingStub stub =
        EventBusGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    assertThat(
            stub.publishEvent(
                    PublishEventRequest.newBuilder()
                        .setEvent(Event.newBuilder().setEventType("STEP"))
                        .build())
                .hasPosition())
        .isTrue();
  }
}
