package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.Submission;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayLifecycleIT {

  private static final String JSON = "Content-Type: application/json";

  @TempDir private Path directory;

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** Stores a body as it is. */
  private static Ingest undecoded(Publisher publisher, String topic) {
    return new RecordingIngest() {
      @Override
      public CompletableFuture<List<Outcome>> submit(Submission submission) {
        CompletableFuture<List<Outcome>> future = new CompletableFuture<>();
        byte[] value = Arrays.copyOf(submission.body(), submission.length());
        publisher.publish(
            new ProducerRecord<>(topic, value),
            outcome ->
                future.complete(
                    List.of(
                        outcome.<Outcome>match(
                            s ->
                                new Outcome.Accepted(
                                    "id", s.topic(), s.partition(), s.offset(), s.repeat()),
                            u -> new Outcome.Failed(u.reason(), u.message(), null),
                            i ->
                                new Outcome.Refused(
                                    false, i.reason(), "", i.message(), null, false)))));
        return future;
      }
    };
  }

  @Test
  void aGatewayThatStartsBeforeKafkaServesOnceItIsThere() throws Exception {
    int kafkaPort = freePort();
    GatewayConfiguration configuration =
        TestGateway.configuration(
            Map.of("bootstrapServers", "127.0.0.1:" + kafkaPort, "topics.prefix", "early"));
    try (GatewayServer gateway =
            GatewayServer.start(
                configuration,
                (publisher, topics, registry, tracing) -> undecoded(publisher, topics.events()));
        RawConnection client = new RawConnection(gateway.httpPort())) {
      assertThat(client.post("/events", "{}", JSON).read().status()).isEqualTo(503);

      try (EmbeddedKafka kafka =
          EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory).withPort(kafkaPort))) {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> client.send("GET /ready HTTP/1.1\nHost: x\n\n").read().status() == 200);

        assertThat(client.post("/events", "{}", JSON).read().status()).isEqualTo(200);
        assertThat(client.send("GET /metrics HTTP/1.1\nHost: x\n\n").read().body())
            .contains(
                "eventbus_kafka_state{state=\"closed\"} 1",
                "eventbus_producer_buffer_bytes 6.7108864E7");
      }
    }
  }

  @Test
  void closingLetsRequestsInFlightFinishAndTakesNoNewOnes() throws Exception {
    RecordingIngest ingest = new RecordingIngest();
    CompletableFuture<List<Outcome>> later = new CompletableFuture<>();
    ingest.answersWith(later);
    GatewayServer gateway = TestGateway.start(ingest, Map.of());
    int port = gateway.httpPort();
    try (RawConnection client = new RawConnection(port)) {
      client.post("/events", "{}", JSON);
      await().until(() -> ingest.submissions.size() == 1);

      CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> new RawConnection(port))
                      .isInstanceOf(IOException.class));
      assertThat(closed).isNotDone();
      later.complete(List.of(RecordingIngest.accepted("last")));

      assertThat(client.read().body()).contains("last");
      await().untilAsserted(() -> assertThat(closed).isCompleted());
    }
    gateway.close();
  }

  @Test
  void aGatewaySaysThatItIsNotReadyBeforeItStopsAccepting() throws Exception {
    GatewayServer gateway =
        TestGateway.start(new RecordingIngest(), Map.of("http.shutdownDelay", "700ms"));
    try (RawConnection client = new RawConnection(gateway.httpPort())) {
      CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);

      await()
          .until(
              () ->
                  client
                      .send("GET /ready HTTP/1.1\nHost: x\n\n")
                      .read()
                      .body()
                      .contains("\"stopping\""));
      assertThat(client.post("/events", "{}", JSON).read().status()).isEqualTo(200);
      await().untilAsserted(() -> assertThat(closed).isCompleted());
    }
  }

  @Test
  void aPortThatIsTakenFailsTheStartAndLeavesNothingRunning() throws Exception {
    try (GatewayServer first = TestGateway.start(new RecordingIngest(), Map.of())) {
      assertThatThrownBy(
              () -> TestGateway.start(new RecordingIngest(), Map.of("http.port", first.httpPort())))
          .isInstanceOf(IOException.class);
    }
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.equals("kafka-probe") || name.startsWith("http-")));
  }
}
