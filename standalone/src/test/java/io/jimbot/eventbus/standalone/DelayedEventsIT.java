package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.jimbot.events.v1.CancelEventRequest;
import io.jimbot.events.v1.CancelEventResponse;
import io.jimbot.events.v1.CancellationOutcome;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.PublishEventRequest;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.Subscription;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Delayed events from their publisher to their subscriber, with the whole bus between. */
@Timeout(120)
class DelayedEventsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path directory;
  private static StandaloneBus bus;
  private static ManagedChannel channel;
  private static final Tail TAIL = new Tail();

  private final HttpClient client = HttpClient.newHttpClient();

  /** All events, and when they came. */
  private static final class Tail implements StreamObserver<SubscribeEventsResponse> {
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final Map<String, Instant> times = new ConcurrentHashMap<>();
    private volatile boolean started;

    @Override
    public void onNext(SubscribeEventsResponse response) {
      started = true;
      for (Delivery delivery : response.getDeliveries().getDeliveriesList()) {
        times.put(delivery.getEvent().getEventId(), Instant.now());
        ids.add(delivery.getEvent().getEventId());
      }
    }

    @Override
    public void onError(Throwable why) {}

    @Override
    public void onCompleted() {}

    List<String> of(String prefix) {
      return ids.stream().filter(id -> id.startsWith(prefix)).toList();
    }
  }

  @BeforeAll
  static void start() {
    bus =
        StandaloneBus.start(
            new StandaloneSettings(0, 0, 0, directory, null, null, null), fault -> {});
    channel =
        Grpc.newChannelBuilder("127.0.0.1:" + bus.grpcPort(), InsecureChannelCredentials.create())
            .build();
    EventBusGrpc.newStub(channel)
        .subscribeEvents(
            SubscribeEventsRequest.newBuilder()
                .setSubscription(Subscription.newBuilder().addTopics("**"))
                .build(),
            TAIL);
    await().atMost(PATIENCE).until(() -> TAIL.started);
    await()
        .atMost(PATIENCE)
        .until(() -> bus.processor().readiness().values().stream().allMatch(r -> r.ready()));
    publish("warm", Instant.now().plusSeconds(2));
    await().atMost(PATIENCE).until(() -> TAIL.of("warm").size() == 1);
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    bus.close();
  }

  private static void publish(String id, Instant at) {
    var unused =
        EventBusGrpc.newBlockingStub(channel)
            .publishEvent(
                PublishEventRequest.newBuilder()
                    .setEvent(
                        Event.newBuilder()
                            .setEventType("STEP")
                            .setEventId(id)
                            .setGameId("game")
                            .setJson(ByteString.copyFromUtf8("{}")))
                    .setDeliverAt(
                        Timestamp.newBuilder()
                            .setSeconds(at.getEpochSecond())
                            .setNanos(at.getNano()))
                    .build());
  }

  private static CancelEventResponse cancel(String id) {
    return EventBusGrpc.newBlockingStub(channel)
        .cancelEvent(CancelEventRequest.newBuilder().setEventId(id).build());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + bus.httpPort() + path);
  }

  @Test
  void eventsComeWithinASecondOfTheirTimesAndInOrder() {
    Instant begin = Instant.now().plusSeconds(4);
    for (int i = 19; i >= 0; i--) {
      publish("timed-" + (char) ('a' + i), begin.plusMillis(i * 100L));
    }
    await().atMost(PATIENCE).until(() -> TAIL.of("timed-").size() == 20);

    assertThat(TAIL.of("timed-")).isSorted();
    for (int i = 0; i < 20; i++) {
      Instant due = begin.plusMillis(i * 100L);
      assertThat(TAIL.times.get("timed-" + (char) ('a' + i))).isBetween(due, due.plusMillis(1_000));
    }
  }

  @Test
  void anEventIsTakenBackInTimeAndEachAnswerSaysWhatBecameOfIt() {
    publish("back-1", Instant.now().plusSeconds(3));
    publish("back-2", Instant.now().plusMillis(500));
    CancelEventResponse first = cancel("back-1");
    CancelEventResponse again = cancel("back-1");
    await().atMost(PATIENCE).until(() -> TAIL.of("back-2").size() == 1);
    publish("back-3", Instant.now().plusSeconds(4));
    await().atMost(PATIENCE).until(() -> TAIL.of("back-3").size() == 1);

    assertThat(first.getOutcome()).isEqualTo(CancellationOutcome.CANCELLATION_OUTCOME_CANCELLED);
    assertThat(first.getCancelled()).isEqualTo(1);
    assertThat(again.getOutcome()).isEqualTo(CancellationOutcome.CANCELLATION_OUTCOME_CANCELLED);
    assertThat(cancel("back-2").getOutcome())
        .isEqualTo(CancellationOutcome.CANCELLATION_OUTCOME_TOO_LATE);
    assertThat(cancel("back-none").getOutcome())
        .isEqualTo(CancellationOutcome.CANCELLATION_OUTCOME_NOT_WAITING);
    assertThat(TAIL.of("back-1")).isEmpty();
  }

  @Test
  void overHttpAnEventIsDelayedAndTakenBackAsWell() throws Exception {
    HttpResponse<String> stored =
        send(
            HttpRequest.newBuilder(uri("/api/v1/events"))
                .header("Content-Type", "application/json")
                .header("X-Deliver-At", Instant.now().plusSeconds(60).toString())
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"type\":\"STEP\",\"event_id\":\"http-1\"}")));
    HttpResponse<String> cancelled =
        send(HttpRequest.newBuilder(uri("/api/v1/events/http-1")).DELETE());

    assertThat(stored.statusCode()).isEqualTo(200);
    assertThat(cancelled.statusCode()).isEqualTo(200);
    assertThat(cancelled.body())
        .isEqualTo("{\"status\":\"cancelled\",\"event_id\":\"http-1\",\"cancelled\":1}");
    assertThat(send(HttpRequest.newBuilder(uri("/api/v1/events/none")).DELETE()).statusCode())
        .isEqualTo(404);
    assertThat(send(HttpRequest.newBuilder(uri("/api/v1/events/warm")).DELETE()).statusCode())
        .isEqualTo(409);
  }
}
