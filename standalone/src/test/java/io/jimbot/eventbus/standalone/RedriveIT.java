package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.Subscription;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one group cannot handle, from its publisher to the dead letters and back to that group. */
@Timeout(180)
class RedriveIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** The events that the group {@code trainer} cannot handle now. */
  private static final Set<String> FAILING = ConcurrentHashMap.newKeySet();

  private static final Tail TAIL = new Tail();

  @TempDir private static Path directory;
  private static StandaloneBus bus;
  private static ManagedChannel channel;
  private static GroupMember trainer;
  private static GroupMember graph;

  /** All events, once for each time that they came. */
  private static final class Tail implements StreamObserver<SubscribeEventsResponse> {
    private final List<String> ids = new CopyOnWriteArrayList<>();

    List<String> ids(String prefix) {
      return ids.stream().filter(id -> id.startsWith(prefix)).toList();
    }

    @Override
    public void onNext(SubscribeEventsResponse response) {
      for (Delivery delivery : response.getDeliveries().getDeliveriesList()) {
        ids.add(delivery.getEvent().getEventId());
      }
    }

    @Override
    public void onError(Throwable why) {}

    @Override
    public void onCompleted() {}
  }

  @BeforeAll
  static void start() throws Exception {
    Path settings =
        Files.writeString(
            directory.resolve("processor.yml"),
            "deadLetters: {retryDelay: 1s, maxRetries: 1, maxRedrives: 2}");
    bus =
        StandaloneBus.start(
            new StandaloneSettings(0, 0, 0, directory.resolve("data"), null, null, settings),
            fault -> {});
    channel =
        Grpc.newChannelBuilder("127.0.0.1:" + bus.grpcPort(), InsecureChannelCredentials.create())
            .build();
    EventBusGrpc.newStub(channel)
        .subscribeEvents(
            SubscribeEventsRequest.newBuilder()
                .setSubscription(
                    Subscription.newBuilder()
                        .addTopics("**")
                        .setStart(StartPosition.newBuilder().setEarliest(true)))
                .build(),
            TAIL);
    trainer = new GroupMember(channel, "trainer", id -> !FAILING.contains(id));
    graph = new GroupMember(channel, "graph", id -> true);
    await().atMost(PATIENCE).until(() -> trainer.isStarted() && graph.isStarted());
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    bus.close();
  }

  @Test
  void itComesAgainToTheGroupThatFailedAndToNobodyElse() throws Exception {
    FAILING.add("one-2");
    publish("one-1", "one-2", "one-3");

    JsonNode byItself = awaitLetter("one-2", 0);
    assertThat(byItself.path("reason").asText()).isEqualTo("attempts_exhausted");
    assertThat(byItself.path("message").asText()).isEqualTo("not today");
    assertThat(byItself.path("stage").asText()).isEqualTo("deliver");
    assertThat(byItself.path("group").asText()).isEqualTo("trainer");
    assertThat(byItself.path("attempts").asInt()).isEqualTo(GroupMember.ATTEMPTS);
    assertThat(Instant.parse(byItself.path("first_failed_at").asText()))
        .isBefore(Instant.parse(byItself.path("last_failed_at").asText()));
    JsonNode again = awaitLetter("one-2", 1);
    assertThat(stateOf(byItself)).isEqualTo("redriven");
    JsonNode whole = get("/api/v1/dead-letters/" + again.path("id").asText());
    assertThat(whole.path("state").asText()).isEqualTo("parked");
    assertThat(whole.path("headers").path("redrive-of").asText())
        .isEqualTo(byItself.path("id").asText());

    FAILING.clear();
    String action = redrive(again, "group");
    await().atMost(PATIENCE).until(() -> trainer.handled("one-2").size() == 1);
    JsonNode done = awaitFinished(action);
    assertThat(done.path("done").asInt()).isEqualTo(1);
    assertThat(done.path("by").asText()).isEqualTo("alice");
    // Of the same game, so whoever has it would have had what came before.
    publish("one-4");
    await().atMost(PATIENCE).until(() -> handled("one-4"));
    assertThat(trainer.handled("one-")).containsExactly("one-1", "one-3", "one-2", "one-4");
    assertThat(graph.handled("one-")).containsExactly("one-1", "one-2", "one-3", "one-4");
    assertThat(TAIL.ids("one-")).containsExactly("one-1", "one-2", "one-3", "one-4");
  }

  @Test
  void intoTheLogItComesToEverybody() throws Exception {
    FAILING.add("two-1");
    publish("two-1");
    JsonNode letter = awaitLetter("two-1", 1);
    FAILING.clear();
    redrive(letter, "log");
    publish("two-2");
    await().atMost(PATIENCE).until(() -> handled("two-2"));

    await().atMost(PATIENCE).until(() -> trainer.handled("two-1").size() == 1);
    await().atMost(PATIENCE).until(() -> graph.handled("two-1").size() == 2);
    await().atMost(PATIENCE).until(() -> TAIL.ids("two-1").size() == 2);
  }

  @Test
  void whatFailsForEverIsSentAgainOnlySoOften() throws Exception {
    FAILING.add("three-1");
    publish("three-1");
    awaitFinished(redrive(awaitLetter("three-1", 1), "group"));
    JsonNode last = awaitLetter("three-1", 2);
    JsonNode refused = awaitFinished(redrive(last, "group"));
    FAILING.clear();

    assertThat(refused.path("done").asInt()).isZero();
    assertThat(refused.path("refused").path("redrive_limit").asInt()).isEqualTo(1);
    assertThat(refused.path("first_refusal").asText()).contains("2 times; the limit is 2");
    assertThat(stateOf(last)).isEqualTo("parked");
    assertThat(trainer.handled("three-1")).isEmpty();
    assertThat(graph.handled("three-1")).hasSize(1);
  }

  private static boolean handled(String id) {
    return trainer.handled(id).size() == 1
        && graph.handled(id).size() == 1
        && TAIL.ids(id).size() == 1;
  }

  private static void publish(String... ids) throws Exception {
    for (String id : ids) {
      String event = "{\"type\":\"STEP\",\"event_id\":\"" + id + "\",\"game_id\":\"game\"}";
      post("/api/v1/events", event, 200);
    }
  }

  /** The dead letter of an event that had come again so often. */
  private static JsonNode awaitLetter(String event, int redrives) {
    return await()
        .atMost(PATIENCE)
        .until(() -> letter(event, redrives), letter -> !letter.isMissingNode());
  }

  private static JsonNode letter(String event, int redrives) throws Exception {
    for (JsonNode letter : get("/api/v1/dead-letters?group=trainer").path("dead_letters")) {
      if (letter.path("event_id").asText().equals(event)
          && letter.path("redrive_count").asInt() == redrives) {
        return letter;
      }
    }
    return JSON.missingNode();
  }

  private static String stateOf(JsonNode letter) throws Exception {
    return get("/api/v1/dead-letters/" + letter.path("id").asText()).path("state").asText();
  }

  private static String redrive(JsonNode letter, String target) throws Exception {
    String body =
        "{\"id\":\"%s\",\"target\":\"%s\",\"by\":\"alice\"}"
            .formatted(letter.path("id").asText(), target);
    return post("/api/v1/dead-letters/redrive", body, 202).path("action_id").asText();
  }

  private static JsonNode awaitFinished(String action) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> get("/api/v1/dead-letters/actions/" + action),
            json -> json.path("state").asText().equals("finished"));
  }

  private static JsonNode get(String path) throws Exception {
    return answer(HttpRequest.newBuilder(uri(path)).build(), 200);
  }

  private static JsonNode post(String path, String body, int status) throws Exception {
    return answer(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        status);
  }

  private static JsonNode answer(HttpRequest request, int status) throws Exception {
    HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + bus.httpPort() + path);
  }
}
