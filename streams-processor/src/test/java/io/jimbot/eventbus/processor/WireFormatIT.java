package io.jimbot.eventbus.processor;

import static io.jimbot.eventbus.processor.TestKafka.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.topology.TestEvent;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.deadletter.DeadLetterRecords;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.eventbus.service.record.HeaderTime;
import io.jimbot.eventbus.testing.InMemorySchemaRegistry;
import io.jimbot.eventbus.testing.kafka.TestTopics;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.Event;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the processor writes is in the Confluent wire format, as what the gateways write. */
@Timeout(240)
class WireFormatIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private TestKafka kafka;
  private InMemorySchemaRegistry registry;
  private ProcessorServer processor;

  @BeforeEach
  void start() throws Exception {
    kafka = new TestKafka(directory.resolve("kafka"));
    try (Admin admin = kafka.admin()) {
      TestTopics.make(
          admin,
          new NewTopic(TOPICS.delayed(), Optional.of(1), Optional.empty()),
          new NewTopic(TOPICS.deadLetterActions(), Optional.of(1), Optional.empty())
              .configs(Map.of("cleanup.policy", "compact")));
    }
    registry = InMemorySchemaRegistry.start(0);
    Map<String, Object> settings = new HashMap<>(kafka.settings(directory.resolve("state")));
    settings.put("schemaRegistry.url", registry.url());
    settings.put("schemaRegistry.retryInterval", "50ms");
    settings.put("schemaRegistry.maxRetryInterval", "100ms");
    settings.put("schemaRegistry.checkInterval", "100ms");
    settings.put("deadLetters.retryDelay", "10ms");
    int port = registry.port();
    registry.close();
    processor = ProcessorServer.start(ProcessorConfiguration.load(null, settings));

    await()
        .atMost(PATIENCE)
        .until(() -> part("retention").startsWith("schema_registry_unreachable: "));
    assertThat(ready().statusCode()).isEqualTo(503);
    registry = InMemorySchemaRegistry.start(port);
    await().atMost(PATIENCE).until(() -> ready().statusCode() == 200);
  }

  @AfterEach
  void stop() {
    processor.close();
    registry.close();
    kafka.close();
  }

  @Test
  void whatItWritesHasAFrameAndWhatItCopiesStaysAsItWas() throws Exception {
    delay(TestEvent.of("MONEY_CHANGED", "delayed"));
    fail(TestEvent.of("MONEY_CHANGED", "failed"));
    kafka.log(List.of(TestEvent.of("MONEY_CHANGED", "plain").at(Instant.now())));
    TestEvent like = TestEvent.of("MONEY_CHANGED", "poison");
    kafka.send(
        new ProducerRecord<>(
            TOPICS.events(), null, like.key(), "no event".getBytes(UTF_8), like.headers()));
    kafka.flush();

    List<ConsumerRecord<byte[], byte[]>> log =
        kafka.await(TOPICS.events(), records -> records.size() == 4);
    for (String id : List.of("delayed", "failed")) {
      ConsumerRecord<byte[], byte[]> written = ofEvent(id, log);
      assertFramed(written, TOPICS.events(), "Event");
      assertThat(Event.parseFrom(ConfluentFrame.message(written.value())).getEventId())
          .isEqualTo(id);
    }
    List<ConsumerRecord<byte[], byte[]>> kept =
        kafka.await(TOPICS.ofClass("standard"), records -> records.size() == 2);
    assertThat(ofEvent("plain", kept).value()).isEqualTo(ofEvent("plain", log).value());
    assertThat(ofEvent("delayed", kept).value()).isEqualTo(ofEvent("delayed", log).value());
    assertThat(contentType(ofEvent("delayed", kept))).contains("x-confluent-protobuf");

    List<ConsumerRecord<byte[], byte[]>> letters =
        kafka.await(TOPICS.deadLetters(), records -> records.size() == 2);
    ConsumerRecord<byte[], byte[]> poison =
        letters.stream().filter(r -> ConfluentFrame.isFramed(r.value())).findFirst().orElseThrow();
    assertFramed(poison, TOPICS.deadLetters(), "DeadLetter");
    assertThat(DeadLetter.parseFrom(ConfluentFrame.message(poison.value())).getReason())
        .isEqualTo("unreadable");
  }

  @Test
  void aRegistryThatGoesAwayLaterStopsNothingAndShows() throws Exception {
    registry.close();
    await().atMost(PATIENCE).until(() -> registryStatus().equals("away"));

    assertThat(ready().statusCode()).isEqualTo(200);
    delay(TestEvent.of("MONEY_CHANGED", "meanwhile"));
    kafka.flush();
    List<ConsumerRecord<byte[], byte[]>> log =
        kafka.await(TOPICS.events(), records -> records.size() == 1);
    assertThat(ConfluentFrame.isFramed(log.get(0).value())).isTrue();
    assertThat(get("/metrics").body())
        .contains("eventbus_schema_registry_state{state=\"away\"} 1.0");
  }

  private void assertFramed(ConsumerRecord<byte[], byte[]> record, String topic, String message) {
    assertThat(record.value()[0]).isZero();
    assertThat(ByteBuffer.wrap(record.value()).getInt(1)).isEqualTo(registry.id(topic + "-value"));
    assertThat(contentType(record))
        .isEqualTo("application/x-confluent-protobuf; messageType=jimbot.events.v1." + message);
  }

  /** As a gateway stores an event that is to come later. */
  private void delay(TestEvent event) {
    RecordHeaders headers = event.headers();
    headers.remove(HeaderNames.CONTENT_TYPE);
    headers.add(HeaderNames.DELIVER_AT, HeaderTime.of(Instant.now().toEpochMilli()));
    kafka.send(new ProducerRecord<>(TOPICS.delayed(), null, event.key(), event.value(), headers));
  }

  /** As a gateway gives up an event that the members of a group have failed at. */
  private void fail(TestEvent event) {
    DeadLetter.Builder letter =
        DeadLetter.newBuilder().setOriginal(ByteString.copyFrom(event.value())).setGroup("g");
    event
        .headers()
        .forEach(header -> letter.putHeaders(header.key(), ByteString.copyFrom(header.value())));
    kafka.send(
        new DeadLetterRecords(TOPICS.deadLetters())
            .record(
                event.key(),
                letter,
                Failure.once(
                    DeadLetterStage.DEAD_LETTER_STAGE_DELIVER,
                    DeadLetterReason.ATTEMPTS_EXHAUSTED,
                    "it failed",
                    Instant.now())));
  }

  private static ConsumerRecord<byte[], byte[]> ofEvent(
      String id, List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .filter(r -> id.equals(new String(r.headers().lastHeader("event-id").value(), UTF_8)))
        .findFirst()
        .orElseThrow();
  }

  private static String contentType(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader(HeaderNames.CONTENT_TYPE).value(), UTF_8);
  }

  private String part(String name) throws Exception {
    return status().path("parts").path(name).asText();
  }

  private String registryStatus() throws Exception {
    return status().path("schema_registry").path("status").asText();
  }

  private JsonNode status() throws Exception {
    return JSON.readTree(ready().body());
  }

  private HttpResponse<String> ready() throws Exception {
    return get("/ready");
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + processor.httpPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
