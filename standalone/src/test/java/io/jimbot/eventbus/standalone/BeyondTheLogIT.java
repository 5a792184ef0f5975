package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jimbot.eventbus.gateway.GatewayConfiguration;
import io.jimbot.eventbus.gateway.GatewayServer;
import io.jimbot.eventbus.testing.ExactJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Retention has deleted part of the log: history and replays go on in the class topics. */
@Timeout(300)
class BeyondTheLogIT {

  private static final int EVENTS = 160;
  private static final List<String> TYPES =
      List.of("MONEY_CHANGED", "GAME_STATE", "LEARNING_DECISION", "HEARTBEAT");
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private static Path directory;

  private static StandaloneBus bus;
  private static GatewayServer other;
  private static Admin admin;

  /** The answer for each event while the log had them all. */
  private static List<String> whole;

  @BeforeAll
  static void start() throws Exception {
    bus =
        StandaloneBus.start(
            new StandaloneSettings(0, 0, 0, directory, null, null, null), fault -> {});
    admin = Admin.create(Map.of("bootstrap.servers", bus.bootstrapServers()));
    for (int i = 0; i < EVENTS; i++) {
      publish(i);
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(unrouted()).isZero());
    whole = pages(80, "", () -> {});
    other =
        GatewayServer.start(
            GatewayConfiguration.load(
                null,
                Map.of(
                    "bootstrapServers",
                    bus.bootstrapServers(),
                    "http.port",
                    0,
                    "grpc.port",
                    0,
                    "delivery.history.maxScanned",
                    25)));
    assertThat(other.awaitReady(PATIENCE)).isTrue();
    cut(end -> end / 2);
  }

  @AfterAll
  static void stop() {
    admin.close();
    other.close();
    bus.close();
  }

  @Test
  void historyIsTheSameAsWhenTheLogHadItAllWhicheverGatewayIsAsked() throws Exception {
    assertThat(whole).hasSize(EVENTS).doesNotHaveDuplicates();

    assertThat(pages(7, "", () -> {})).containsExactlyElementsOf(whole);
    assertThat(pages(1_000, "", () -> {})).containsExactlyElementsOf(whole);
    assertThat(pages(5, "&type=LEARNING_DECISION&game_id=g2", () -> {}))
        .containsExactlyElementsOf(
            whole.stream()
                .filter(
                    e -> e.contains("\"LEARNING_DECISION\"") && e.contains("\"game_id\":\"g2\""))
                .toList());
  }

  @Test
  void whatRetentionDeletesWhileSomebodyReadsComesFromTheClassTopicsOnce() throws Exception {
    List<String> read =
        pages(
            9,
            "",
            () -> {
              for (int i = 0; i < 10; i++) {
                publish(EVENTS + i);
              }
              await().atMost(PATIENCE).untilAsserted(() -> assertThat(unrouted()).isZero());
              cut(end -> end);
            });

    assertThat(read).containsExactlyElementsOf(whole);
  }

  @Test
  void aReplayHasAllThatIsKept() throws Exception {
    HttpResponse<String> made =
        send("/api/v1/replays", "{\"to\":\"" + receivedAt(whole.size() - 1, 1) + "\"}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    URI path = URI.create(made.headers().firstValue("Location").orElseThrow());

    await().atMost(PATIENCE).until(() -> body(path.getPath()).contains("\"state\":\"completed\""));
    assertThat(ExactJson.read(body(path.getPath())).findValue("events").asInt()).isEqualTo(EVENTS);
  }

  @Test
  void theNewestStatesStay() throws Exception {
    assertThat(body("/api/v1/games")).contains("\"g1\"", "\"g3\"");
    assertThat(body("/api/v1/games/g1/state")).contains("\"GAME_STATE\"");
  }

  private static String receivedAt(int index, int plusMillis) {
    return Instant.parse(ExactJson.read(whole.get(index)).get("received_at").textValue())
        .plusMillis(plusMillis)
        .toString();
  }

  /** Something that goes wrong. */
  @FunctionalInterface
  private interface Happening {
    void run() throws Exception;
  }

  /** All pages, from one gateway and the other in turn; something happens after the third. */
  private static List<String> pages(int limit, String question, Happening meanwhile)
      throws Exception {
    List<String> events = new ArrayList<>();
    String cursor = "";
    int page = 0;
    do {
      int port = other == null || page % 2 == 0 ? bus.httpPort() : other.httpPort();
      JsonNode answer =
          ExactJson.read(get(port, "/api/v1/events?limit=" + limit + question + cursor).body());
      assertThat(answer.get("events")).as(answer.toString()).isNotNull();
      answer.get("events").forEach(event -> events.add(event.toString()));
      JsonNode next = answer.get("next_cursor");
      cursor = next == null ? "" : "&cursor=" + next.textValue();
      if (++page == 3) {
        meanwhile.run();
      }
    } while (!cursor.isEmpty());
    return events;
  }

  private static void publish(int number) {
    String event =
        "{\"type\":\"%s\",\"game_id\":\"g%d\",\"payload\":{\"n\":%d}}"
            .formatted(TYPES.get(number % 4), number % 7, number);
    await().atMost(PATIENCE).until(() -> send("/api/v1/events", event).statusCode() == 200);
  }

  /** Deletes from the log what lies before an offset, told for the end of each partition. */
  private static void cut(LongUnaryOperator before) throws Exception {
    Map<TopicPartition, RecordsToDelete> doomed = new HashMap<>();
    ends()
        .forEach(
            (partition, end) ->
                doomed.put(
                    partition, RecordsToDelete.beforeOffset(before.applyAsLong(end.offset()))));
    admin.deleteRecords(doomed).all().get();
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> ends() throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (int partition = 0; partition < 8; partition++) {
      asked.put(new TopicPartition("jimbot.events", partition), OffsetSpec.latest());
    }
    return admin.listOffsets(asked).all().get();
  }

  /** How many events of the log the processor has not put into class topics yet. */
  private static long unrouted() throws Exception {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin
            .listConsumerGroupOffsets("jimbot-processor-retention")
            .partitionsToOffsetAndMetadata()
            .get();
    long lag = 0;
    for (var end : ends().entrySet()) {
      OffsetAndMetadata place = committed.get(end.getKey());
      lag += end.getValue().offset() - (place == null ? 0 : place.offset());
    }
    return lag;
  }

  private static String body(String path) throws Exception {
    return get(bus.httpPort(), path).body();
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> send(String path, String json) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bus.httpPort() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
