package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.CancelEventRequest;
import io.jimbot.events.v1.CancellationOutcome;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.PublishEventRequest;
import io.jimbot.events.v1.PublishEventResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Delayed events at a gateway without a processor behind it. */
class DelayIT {

  private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(60);
  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String prefix = "delay" + PREFIXES.incrementAndGet();
  private GatewaysUnderTest gateways;
  private GatewayServer gateway;
  private EventBusGrpc.EventBusBlockingStub bus;

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = TestKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @BeforeEach
  void startGateway() throws Exception {
    gateways =
        new GatewaysUnderTest(
            kafka.bootstrapServers(),
            prefix,
            Map.of("delay.maxEvents", 3, "delay.cancelTimeout", "300ms"));
    gateway = gateways.start();
    bus = EventBusGrpc.newBlockingStub(gateways.connect(gateway));
  }

  @AfterEach
  void stopAll() throws Exception {
    gateways.close();
  }

  private HttpResponse<String> post(String parameters) throws Exception {
    return send(
        HttpRequest.newBuilder(uri("/api/v1/events" + parameters))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"STEP\",\"event_id\":\"e\"}")));
  }

  private HttpResponse<String> delete(String eventId) throws Exception {
    return send(HttpRequest.newBuilder(uri("/api/v1/events/" + eventId)).DELETE());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway.httpPort() + path);
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }

  private static String in(int seconds) {
    return Long.toString(Instant.now().plusSeconds(seconds).toEpochMilli());
  }

  @Test
  void aDelayedEventWaitsBesideTheLogWithItsTimesInItsHeaders() throws Exception {
    String due = in(60);
    HttpResponse<String> answer = post("?ttl=2m&deliver_at=" + due);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(EventLog.read(kafka.bootstrapServers(), gateways.log())).isEmpty();
    var record = EventLog.read(kafka.bootstrapServers(), prefix + ".delayed").get(0);
    assertThat(new String(record.headers().lastHeader("deliver-at").value(), UTF_8)).isEqualTo(due);
    assertThat(new String(record.headers().lastHeader("expires-at").value(), UTF_8))
        .isEqualTo(Long.toString(record.timestamp() + 120_000));
    assertThat(new String(record.headers().lastHeader("event-id").value(), UTF_8)).isEqualTo("e");
  }

  @Test
  void anEventWhoseTimeHasPassedGoesIntoTheLog() throws Exception {
    post("?deliver_at=2001-01-01T00:00:00Z");

    assertThat(EventLog.read(kafka.bootstrapServers(), gateways.log())).hasSize(1);
  }

  @Test
  void overGrpcTheAnswerNamesTheRecordThatWaits() {
    PublishEventResponse stored =
        bus.publishEvent(publish().setDeliverAt(timestamp(Instant.now().plusSeconds(60))).build());

    assertThat(stored.getPosition().getTopic()).isEqualTo(prefix + ".delayed");
  }

  @Test
  void anEventThatIsSentAgainForNowIsNotAnsweredWithTheOneThatWaits() throws Exception {
    PublishEventRequest.Builder publish = publish();
    publish.getEventBuilder().setEventId("e-now");
    var unused =
        bus.publishEvent(
            publish.clone().setDeliverAt(timestamp(Instant.now().plusSeconds(60))).build());

    PublishEventResponse stored = bus.publishEvent(publish.build());

    assertThat(stored.getRepeat()).isFalse();
    assertThat(EventLog.read(kafka.bootstrapServers(), gateways.log())).hasSize(1);
  }

  private static PublishEventRequest.Builder publish() {
    return PublishEventRequest.newBuilder()
        .setEvent(Event.newBuilder().setEventType("STEP").setJson(ByteString.copyFromUtf8("{}")));
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  @Test
  void overGrpcATimeThatMakesNoSenseIsRefusedWithItsField() {
    PublishEventRequest request =
        publish()
            .setDeliverAt(timestamp(Instant.now().plusSeconds(60)))
            .setTtl(Duration.newBuilder().setSeconds(10))
            .build();
    StatusRuntimeException refusal =
        catchThrowableOfType(StatusRuntimeException.class, () -> bus.publishEvent(request));

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getStatus().getDescription()).startsWith("deliver_at: ");
    PublishEventRequest never =
        publish().setDeliverAt(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)).build();
    assertThat(
            catchThrowableOfType(StatusRuntimeException.class, () -> bus.publishEvent(never))
                .getStatus()
                .getDescription())
        .contains("at most 604800 s ahead");
  }

  @ParameterizedTest
  @CsvSource({
    "tomorrow, '', 400, bad_header",
    "60, 30s, 422, expires_before_delivery",
    "700000, '', 422, delay_too_long"
  })
  void overHttpATimeThatMakesNoSenseIsRefusedWithItsHeader(
      String deliverAt, String ttl, int status, String reason) throws Exception {
    boolean relative = deliverAt.chars().allMatch(Character::isDigit);
    String time = relative ? in(Integer.parseInt(deliverAt)) : deliverAt;
    HttpResponse<String> answer =
        post("?deliver_at=" + time + (ttl.isEmpty() ? "" : "&ttl=" + ttl));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).get("reason").textValue()).isEqualTo(reason);
    assertThat(json(answer).get("error").textValue()).startsWith("X-Deliver-At");
  }

  @Test
  void moreEventsThanMayWaitAreRefusedUntilThereIsRoomAndOthersAreNot() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(post("?deliver_at=" + in(60)).statusCode()).isEqualTo(200);
    }
    HttpResponse<String> answer = post("?deliver_at=" + in(60));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(json(answer).get("reason").textValue()).isEqualTo("too_many_delayed");
    assertThat(post("").statusCode()).isEqualTo(200);
  }

  @Test
  void aRequestToCancelIsStoredInEveryPartitionThoughNobodyAnswersIt() throws Exception {
    await().atMost(PATIENCE).until(() -> delete("e/1").statusCode() == 202);
    HttpResponse<String> answer = delete("e/2");

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).get("status").textValue()).isEqualTo("requested");
    assertThat(json(answer).get("event_id").textValue()).isEqualTo("e/2");
    assertThat(EventLog.read(kafka.bootstrapServers(), prefix + ".delayed"))
        .filteredOn(record -> new String(record.key(), UTF_8).equals("e/2"))
        .extracting(record -> record.partition())
        .containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(
            bus.cancelEvent(CancelEventRequest.newBuilder().setEventId("e").build()).getOutcome())
        .isEqualTo(CancellationOutcome.CANCELLATION_OUTCOME_UNSPECIFIED);
  }

  @Test
  void whatIsNoIdIsRefused() throws Exception {
    assertThat(delete("x".repeat(257)).statusCode()).isEqualTo(422);
    assertThat(
            catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> bus.cancelEvent(CancelEventRequest.getDefaultInstance()))
                .getStatus()
                .getDescription())
        .startsWith("event_id: ");
  }
}
