package io.jimbot.eventbus.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jimbot.eventbus.testing.CapturedTraffic;
import io.jimbot.eventbus.testing.ExactJson;
import io.jimbot.events.v1.Event;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From HTTP through the gateway, the log and the processor to what is kept. */
@Timeout(180)
class RetentionThroughTheBusIT {

  private static final List<String> CLASSES = List.of("ephemeral", "standard", "archive");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private StandaloneBus bus;

  @BeforeEach
  void start() {
    bus =
        StandaloneBus.start(
            new StandaloneSettings(0, 0, 0, directory, null, null, null), fault -> {});
  }

  @AfterEach
  void stop() {
    bus.close();
  }

  @Test
  void whatAModSendsAgainAfterLostAnswersIsKeptOnce() throws Exception {
    Set<String> distinct = new HashSet<>();
    int sends = 0;
    for (CapturedTraffic.Request request : CapturedTraffic.requests("lost")) {
      for (JsonNode event : events(request)) {
        distinct.add(identity(event));
        sends++;
      }
      if (!events(request).isEmpty()) {
        assertThat(post(request.path(), request.body()).statusCode()).isEqualTo(200);
      }
    }
    assertThat(sends).isEqualTo(231);
    assertThat(distinct).hasSize(191);

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(stored("jimbot.events")).isEqualTo(231));
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(kept()).isGreaterThanOrEqualTo(191));
    awaitNothingMoreToDo();
    assertThat(keptNames())
        .containsExactlyInAnyOrderElementsOf(
            distinct.stream().map(RetentionThroughTheBusIT::name).toList());
  }

  /** What of an identity is in the stored event as well: all but the times, a type in capitals. */
  private static String name(String identity) {
    return String.join("|", List.of(identity.split("\\|", -1)).subList(0, 3))
        .toUpperCase(Locale.ROOT);
  }

  @Test
  void theWholeBufferOfAnOutageComesOutAsItsDistinctEvents() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> posts = new ArrayList<>();
    for (int post = 0; post < 100; post++) {
      String events = events(post);
      String body =
          "{\"batch_id\":\"b" + post + "\",\"source\":\"BalatroMCP\",\"events\":[" + events + "]}";
      posts.add(
          client.sendAsync(
              request("/api/v1/events/batch", body.getBytes(UTF_8)),
              HttpResponse.BodyHandlers.ofString()));
    }
    for (CompletableFuture<HttpResponse<String>> post : posts) {
      assertThat(post.get().statusCode()).as(post.get().body()).isEqualTo(200);
    }

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(kept()).isGreaterThanOrEqualTo(60));
    awaitNothingMoreToDo();
    assertThat(kept()).isEqualTo(60);
  }

  @Test
  void theNewestStateOfAGameIsReadOverHttp() throws Exception {
    for (int round = 1; round <= 5; round++) {
      post("/api/v1/events", state("game one", round, 1_700_000_000 + round).getBytes(UTF_8));
    }
    post("/api/v1/events", state("game one", 3, 1_700_000_003).getBytes(UTF_8));
    post("/api/v1/events", state("other", 1, 1_700_000_000).getBytes(UTF_8));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              HttpResponse<String> answer = get("/api/v1/games/game%20one/state");
              assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
              assertThat(ExactJson.read(answer.body()).findValue("round").asInt())
                  .as(answer.body())
                  .isEqualTo(5);
            });
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        ExactJson.read(get("/api/v1/games").body())
                            .get("games")
                            .findValuesAsText("game_id"))
                    .containsExactly("game one", "other"));
    JsonNode page = ExactJson.read(get("/api/v1/games?limit=1").body());
    assertThat(page.get("next_after").textValue()).isEqualTo("game one");
    assertThat(
            ExactJson.read(get("/api/v1/games?limit=1&after=game%20one").body())
                .get("games")
                .findValuesAsText("game_id"))
        .containsExactly("other");
    assertThat(get("/api/v1/games/none/state").statusCode()).isEqualTo(404);
    assertThat(get("/api/v1/games?limit=0").statusCode()).isEqualTo(422);
  }

  private static String state(String game, int round, long seconds) {
    return """
        {"type":"GAME_STATE","source":"BalatroMCP","event_id":"%s-%d","version":1,"timestamp":%d,
         "payload":{"in_game":true,"game_id":"%s","round":%d,"timestamp":%d}}"""
        .formatted(game, round, round * 1000, game, round, seconds);
  }

  /** Ten of sixty events, so that each comes up to twenty times in a hundred posts. */
  private static String events(int post) {
    return String.join(
        ",",
        IntStream.range(0, 10)
            .map(i -> (post * 7 + i * (1 + post % 5)) % 60)
            .mapToObj(
                number ->
                    "{\"type\":\"MONEY_CHANGED\",\"source\":\"BalatroMCP\",\"event_id\":\"e%1$d\",\"version\":1,\"timestamp\":%1$d.5,\"payload\":{\"new_value\":%1$d}}"
                        .formatted(number))
            .toList());
  }

  private static List<JsonNode> events(CapturedTraffic.Request request) {
    List<JsonNode> events = new ArrayList<>();
    if (request.isBatch()) {
      ExactJson.read(request.body()).get("events").forEach(events::add);
    } else if (request.path().endsWith("/events")) {
      events.add(ExactJson.read(request.body()));
    }
    return events;
  }

  private static String identity(JsonNode event) {
    return String.join(
        "|",
        event.path("event_id").asText(),
        event.path("source").asText(),
        event.path("type").asText(),
        event.path("subtype").asText(),
        event.path("timestamp").asText());
  }

  /** Until the processor has committed all that lies in the log. */
  private void awaitNothingMoreToDo() {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(lag()).isZero());
  }

  private long lag() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bus.bootstrapServers()))) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets("jimbot-processor-retention")
              .partitionsToOffsetAndMetadata()
              .get();
      Map<TopicPartition, OffsetSpec> asked =
          IntStream.range(0, 8)
              .boxed()
              .collect(
                  Collectors.toMap(
                      number -> new TopicPartition("jimbot.events", number),
                      number -> OffsetSpec.latest()));
      long lag = 0;
      for (var end : admin.listOffsets(asked).all().get().entrySet()) {
        OffsetAndMetadata place = committed.get(end.getKey());
        lag += end.getValue().offset() - (place == null ? 0 : place.offset());
      }
      return lag;
    }
  }

  private int kept() {
    return CLASSES.stream().mapToInt(name -> stored("jimbot.events." + name)).sum();
  }

  private List<String> keptNames() throws Exception {
    List<String> names = new ArrayList<>();
    for (String retentionClass : CLASSES) {
      for (byte[] value : values("jimbot.events." + retentionClass)) {
        Event event = Event.parseFrom(value);
        String sentId = event.getJsonForm().getEventIdAssigned() ? "" : event.getEventId();
        names.add(name(String.join("|", sentId, event.getSource(), event.getEventType())));
      }
    }
    return names;
  }

  private int stored(String topic) {
    return values(topic).size();
  }

  private List<byte[]> values(String topic) {
    List<byte[]> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bus.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "allow.auto.create.topics",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }

  private HttpResponse<String> post(String path, byte[] body) throws Exception {
    return client.send(request(path, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path, byte[] body) {
    return HttpRequest.newBuilder(uri(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + bus.httpPort() + path);
  }
}
