package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.PublishEventRequest;
import io.jimbot.events.v1.PublishEventsRequest;
import io.jimbot.events.v1.PublishFailure;
import io.jimbot.events.v1.StreamEventsRequest;
import io.jimbot.events.v1.StreamEventsResponse;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.StreamPublish;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events whose time is over, on every way out. */
class ExpiryIT {

  private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final BusForEachTest BUS = new BusForEachTest("expiry");

  private final HttpClient client = HttpClient.newHttpClient();

  private static Event event(int number) {
    return Event.newBuilder()
        .setEventType("TEST_STEP")
        .setGameId("game")
        .setSequenceNumber(number)
        .setJson(ByteString.copyFromUtf8("{}"))
        .build();
  }

  private static Duration millis(int millis) {
    return Duration.newBuilder()
        .setSeconds(millis / 1_000)
        .setNanos(millis % 1_000 * 1_000_000)
        .build();
  }

  /** Even numbers live for an hour, odd ones are over when this returns. */
  private void publishTenOfWhichFiveExpire() {
    EventBusGrpc.EventBusBlockingStub bus = EventBusGrpc.newBlockingStub(BUS.channel());
    for (int i = 0; i < 10; i++) {
      Duration ttl = i % 2 == 0 ? Duration.newBuilder().setSeconds(3_600).build() : millis(1);
      var unused =
          bus.publishEvent(PublishEventRequest.newBuilder().setEvent(event(i)).setTtl(ttl).build());
    }
  }

  private double metric(String name) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + BUS.gateway().httpPort() + "/metrics"))
            .build();
    return new MetricsPage(client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body())
        .total(name);
  }

  @ParameterizedTest
  @CsvSource({
    "SUBSCRIPTION_MODE_TAIL, eventbus_tail_expired_total",
    "SUBSCRIPTION_MODE_GROUP, eventbus_group_expired_total",
    "SUBSCRIPTION_MODE_QUEUE, eventbus_queue_expired_total"
  })
  void whatHasExpiredIsNotDelivered(SubscriptionMode mode, String metric) throws Exception {
    publishTenOfWhichFiveExpire();
    boolean tail = mode == SubscriptionMode.SUBSCRIPTION_MODE_TAIL;
    Subscription asked = TestMember.asking(tail ? "" : "expiring-" + mode, mode, 100).build();
    TestMember member = new TestMember(BUS.channel(), asked, delivery -> true);

    await().atMost(PATIENCE).until(() -> member.handled.size() >= 5);
    await().atMost(PATIENCE).until(() -> metric(metric) == 5);
    assertThat(GatewaysUnderTest.numbers(member)).containsExactlyInAnyOrder(0L, 2L, 4L, 6L, 8L);
    assertThat(member.handled).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({
    "SUBSCRIPTION_MODE_GROUP, eventbus_group_expired_total",
    "SUBSCRIPTION_MODE_QUEUE, eventbus_queue_expired_total"
  })
  void whatExpiresWhileItWaitsBehindAnotherIsNotDelivered(SubscriptionMode mode, String metric)
      throws Exception {
    Subscription asked = TestMember.asking("waiting-" + mode, mode, 1).build();
    TestMember member =
        new TestMember(
            BUS.channel(), asked, delivery -> delivery.getEvent().getSequenceNumber() != 0);
    await().atMost(PATIENCE).until(() -> member.started);
    var unused =
        EventBusGrpc.newBlockingStub(BUS.channel())
            .publishEvent(PublishEventRequest.newBuilder().setEvent(event(0)).build());
    await().atMost(PATIENCE).until(() -> member.received.size() == 1);
    unused =
        EventBusGrpc.newBlockingStub(BUS.channel())
            .publishEvent(
                PublishEventRequest.newBuilder().setEvent(event(1)).setTtl(millis(300)).build());
    unused =
        EventBusGrpc.newBlockingStub(BUS.channel())
            .publishEvent(PublishEventRequest.newBuilder().setEvent(event(2)).build());
    long over = System.currentTimeMillis() + 300;
    await().atMost(PATIENCE).until(() -> System.currentTimeMillis() > over);
    member.acknowledge(member.received.get(0));

    await().atMost(PATIENCE).until(() -> GatewaysUnderTest.numbers(member).contains(2L));
    assertThat(GatewaysUnderTest.numbers(member)).containsExactly(2L);
    assertThat(metric(metric)).isEqualTo(1);
  }

  @Test
  void theHistoryAndTheEventStreamLeaveOutWhatHasExpired() throws Exception {
    post("/api/v1/events?ttl=1ms", "{\"type\":\"STEP\",\"payload\":{\"n\":1}}");
    post("/api/v1/events?ttl=1h", "{\"type\":\"STEP\",\"payload\":{\"n\":2}}");

    JsonNode page = JSON.readTree(get("/api/v1/events").body());

    assertThat(page.get("events").findValuesAsText("n")).containsExactly("2");
    assertThat(metric("eventbus_history_expired_total")).isEqualTo(1);
    HttpRequest stream =
        HttpRequest.newBuilder(uri("/api/v1/events/stream?start=earliest")).build();
    try (var lines = client.send(stream, HttpResponse.BodyHandlers.ofLines()).body()) {
      assertThat(lines.filter(line -> line.startsWith("data:")).findFirst())
          .hasValueSatisfying(line -> assertThat(line).contains("\"n\":2"));
    }
  }

  @Test
  void aBatchOverHttpTakesItsTimeToLiveFromItsHeader() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/v1/events/batch"))
            .header("Content-Type", "application/json")
            .header("X-TTL", "1")
            .POST(HttpRequest.BodyPublishers.ofString("[{\"type\":\"A\"},{\"type\":\"B\"}]"))
            .build();

    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(JSON.readTree(get("/api/v1/events").body()).get("events")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "soon, 400, bad_header",
    "-1s, 400, bad_header",
    "999999999999999d, 400, bad_header",
    "99999d, 422, invalid_ttl",
    "0, 422, invalid_ttl"
  })
  void aTimeToLiveThatIsNoneIsRefusedOverHttp(String ttl, int status, String reason)
      throws Exception {
    HttpResponse<String> answer = post("/api/v1/events?ttl=" + ttl, "{\"type\":\"A\"}");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(answer.body()).get("reason").textValue()).isEqualTo(reason);
    assertThat(JSON.readTree(answer.body()).get("error").textValue()).startsWith("X-TTL");
  }

  @Test
  void aTimeToLiveThatIsNoneIsRefusedOverGrpcAndCostsAStreamOnlyThatEvent() {
    PublishEventsRequest none =
        PublishEventsRequest.newBuilder().addEvents(event(1)).setTtl(millis(0)).build();
    StatusRuntimeException refusal =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> EventBusGrpc.newBlockingStub(BUS.channel()).publishEvents(none));
    assertThat(refusal.getStatus().getDescription()).startsWith("ttl: ");

    Results results = new Results();
    StreamObserver<StreamEventsRequest> stream =
        EventBusGrpc.newStub(BUS.channel()).streamEvents(results);
    stream.onNext(
        StreamEventsRequest.newBuilder().setOpen(StreamOpen.newBuilder().setPublish(true)).build());
    stream.onNext(publish(StreamPublish.newBuilder().setEvent(event(1)).setTtl(millis(0))));
    stream.onNext(publish(StreamPublish.newBuilder().setEvent(event(2)).setTtl(millis(900))));
    stream.onCompleted();

    await().atMost(PATIENCE).until(() -> results.got.size() == 2);
    PublishFailure failure =
        results.got.stream()
            .filter(result -> result.getPublishResult().getResult().hasFailure())
            .findFirst()
            .orElseThrow()
            .getPublishResult()
            .getResult()
            .getFailure();
    assertThat(failure.getReason()).isEqualTo("invalid_ttl");
    assertThat(failure.getField()).isEqualTo("ttl");
    assertThat(failure.getRetryable()).isFalse();
  }

  private static StreamEventsRequest publish(StreamPublish.Builder publish) {
    return StreamEventsRequest.newBuilder().setPublish(publish).build();
  }

  /** The results of what was published on a stream. */
  private static final class Results implements StreamObserver<StreamEventsResponse> {
    private final List<StreamEventsResponse> got = new CopyOnWriteArrayList<>();

    @Override
    public void onNext(StreamEventsResponse response) {
      if (response.hasPublishResult()) {
        got.add(response);
      }
    }

    @Override
    public void onError(Throwable why) {}

    @Override
    public void onCompleted() {}
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + BUS.gateway().httpPort() + path);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
