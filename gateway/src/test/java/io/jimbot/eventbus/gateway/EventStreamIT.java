package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Server-sent events over real sockets. */
class EventStreamIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Reader> readers = new ArrayList<>();
  private final String prefix = "sse" + PREFIXES.incrementAndGet();
  private GatewayServer gateway;

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
    start(Map.of("delivery.eventStream.heartbeatInterval", "200ms", "http.idleTimeout", "2s"));
  }

  private void start(Map<String, Object> overrides) throws Exception {
    Map<String, Object> all = new HashMap<>(overrides);
    all.put("bootstrapServers", kafka.bootstrapServers());
    all.put("topics.prefix", prefix);
    gateway = GatewayServer.start(TestGateway.configuration(all));
    TestGateway.awaitReady(gateway);
  }

  @AfterEach
  void stopGateway() {
    readers.forEach(Reader::close);
    gateway.close();
  }

  @Test
  void anEventComesOutWithEveryKeyThatCameInAndWhatTheBusKnows() throws Exception {
    Reader reader = read("?topics=game.**", "");
    await().atMost(PATIENCE).until(() -> !reader.ids.isEmpty());
    publish("{\"type\":\"HEARTBEAT\",\"payload\":{}}");
    String sent =
        "{\"type\":\"MONEY_CHANGED\",\"event_id\":\"e-1\",\"extra\":{\"a\":[1,2]},\"payload\":{\"old_value\":4,\"new_value\":7,\"note\":\"x\\ny\"}}";
    publish(sent);

    await().atMost(PATIENCE).until(() -> reader.data.size() == 1);
    JsonNode got = JSON.readTree(reader.data.get(0));
    assertThat(got.get("event")).isEqualTo(JSON.readTree(sent));
    assertThat(got.get("event_id").textValue()).isEqualTo("e-1");
    assertThat(got.get("topic").textValue()).isEqualTo("game.money.changed");
    assertThat(got.get("received_at").textValue()).startsWith("20");
  }

  @Test
  void aReaderThatConnectsAgainGoesOnBehindTheLastIdItHas() throws Exception {
    Reader first = read("?start=earliest", "");
    for (int i = 0; i < 20; i++) {
      publish("{\"type\":\"STEP\",\"payload\":{\"n\":" + i + "}}");
    }
    await().atMost(PATIENCE).until(() -> first.data.size() == 20);
    int ids = first.ids.size();
    await().atMost(PATIENCE).until(() -> first.ids.size() > ids + 1);
    String last = first.ids.get(first.ids.size() - 1);
    first.close();
    for (int i = 20; i < 30; i++) {
      publish("{\"type\":\"STEP\",\"payload\":{\"n\":" + i + "}}");
    }
    Reader second = read("", last);

    await().atMost(PATIENCE).until(() -> second.data.size() >= 10);
    assertThat(second.data).hasSize(10).allMatch(data -> data.matches(".*\"n\":2[0-9].*"));
  }

  @Test
  void aReaderWhoseIdIsOfAnotherLogIsToldAndBeginsAnewWhenItConnectsAgain() throws Exception {
    publish("{\"type\":\"STEP\",\"payload\":{\"n\":1}}");
    String foreign = ResumeToken.of("another-log", new long[] {7}).toText();
    Reader reader = read("?start=earliest", foreign);
    await().atMost(PATIENCE).until(() -> reader.over);
    assertThat(reader.events).containsExactly("fault");
    assertThat(reader.ids).containsExactly("");

    Reader second = read("?start=earliest", reader.ids.get(0));
    await().atMost(PATIENCE).until(() -> second.data.size() == 1);
  }

  @Test
  void aStreamThatIsSilentStaysOpen() throws Exception {
    Reader reader = read("", "");
    // Longer than the idle time of a connection.
    await().atMost(PATIENCE).until(() -> reader.ids.size() > 15);
    publish("{\"type\":\"STEP\",\"payload\":{}}");

    await().atMost(PATIENCE).until(() -> reader.data.size() == 1);
  }

  @Test
  void aSocketThatIsNotReadDelaysNoOtherAndGetsEverythingLater() throws Exception {
    gateway.close();
    start(Map.of());
    Reader prompt = read("", "");
    InputStream slow = open("", "");
    await().atMost(PATIENCE).until(() -> !prompt.ids.isEmpty());
    int sent = 0;
    // More than sockets and windows hold together.
    for (int batch = 0; batch < 40; batch++) {
      publishMany(100);
      sent += 100;
    }

    int all = sent;
    await().atMost(PATIENCE).until(() -> prompt.data.size() == all);
    Reader late = new Reader(slow);
    readers.add(late);
    await().atMost(PATIENCE).until(() -> late.data.size() >= all);
    assertThat(late.data).hasSize(all).doesNotHaveDuplicates();
  }

  @Test
  void aLongBacklogComesInOneGo() throws Exception {
    gateway.close();
    start(Map.of("delivery.tail.recentSize", "64KiB", "delivery.tail.windowEvents", 200));
    int sent = 0;
    for (int batch = 0; batch < 40; batch++) {
      publishMany(100);
      sent += 100;
    }
    Reader reader = read("?start=earliest", "");

    int all = sent;
    await().atMost(PATIENCE).until(() -> reader.data.size() >= all);
    assertThat(reader.data).hasSize(all).doesNotHaveDuplicates();
  }

  @Test
  void whatMakesNoSenseIsRefusedWithTheNameOfTheParameter() throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri("?topics=a..b")).build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("topic: ");
  }

  @Test
  void aQuestionForTheHeadOpensNoStream() throws Exception {
    HttpResponse<Void> answer =
        client.send(
            HttpRequest.newBuilder(uri(""))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .timeout(PATIENCE)
                .build(),
            HttpResponse.BodyHandlers.discarding());
    HttpResponse<String> metrics =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + gateway.httpPort() + "/metrics"))
                .timeout(PATIENCE)
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    assertThat(metrics.body()).contains("eventbus_http_event_streams 0.0");
  }

  @Test
  void aGatewayThatStopsSaysSoAndStopsPromptly() throws Exception {
    Reader reader = read("", "");
    await().atMost(PATIENCE).until(() -> !reader.ids.isEmpty());
    gateway.close();

    await().atMost(PATIENCE).until(() -> reader.over);
    assertThat(reader.events).containsExactly("drain");
  }

  @Test
  void aReaderThatIsToldToGoMissesNothingAtTheNextGateway() throws Exception {
    Reader reader = read("?start=earliest", "");
    for (int i = 0; i < 5; i++) {
      publish("{\"type\":\"STEP\",\"payload\":{\"n\":" + i + "}}");
    }
    await().atMost(PATIENCE).until(() -> reader.data.size() == 5);
    gateway.close();
    await().atMost(PATIENCE).until(() -> reader.over);
    startGateway();
    for (int i = 5; i < 10; i++) {
      publish("{\"type\":\"STEP\",\"payload\":{\"n\":" + i + "}}");
    }

    Reader second = read("", reader.ids.get(reader.ids.size() - 1));
    await().atMost(PATIENCE).until(() -> second.data.size() >= 5);
    assertThat(second.data).hasSize(5).allMatch(data -> data.matches(".*\"n\":[5-9].*"));
  }

  private URI uri(String query) {
    return URI.create("http://127.0.0.1:" + gateway.httpPort() + "/api/v1/events/stream" + query);
  }

  private void publish(String event) throws Exception {
    post("/api/v1/events", event);
  }

  /** Events of 2 KB. */
  private void publishMany(int count) throws Exception {
    String event = "{\"type\":\"STEP\",\"payload\":{\"filler\":\"" + "x".repeat(2_000) + "\"}}";
    post("/api/v1/events/batch", "[" + String.join(",", Collections.nCopies(count, event)) + "]");
  }

  private void post(String path, String body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private Reader read(String query, String lastEventId) throws Exception {
    Reader reader = new Reader(open(query, lastEventId));
    readers.add(reader);
    return reader;
  }

  private InputStream open(String query, String lastEventId) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(query));
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    return response.body();
  }

  /** Reads as a browser does: blocks of lines, an empty line between them. */
  private static final class Reader implements AutoCloseable {
    private final List<String> data = new CopyOnWriteArrayList<>();
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final InputStream stream;
    private volatile boolean over;

    Reader(InputStream stream) {
      this.stream = stream;
      Thread thread = new Thread(this::run, "sse-reader");
      thread.setDaemon(true);
      thread.start();
    }

    private void run() {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        lines.lines().forEach(this::line);
      } catch (java.io.IOException | UncheckedIOException e) {
        // The connection is closed.
        over = true;
      }
      over = true;
    }

    private void line(String line) {
      if (line.startsWith("data: ") && events.isEmpty()) {
        data.add(line.substring(6));
      } else if (line.startsWith("id:")) {
        ids.add(line.substring(3).strip());
      } else if (line.startsWith("event: ")) {
        events.add(line.substring(7));
      }
    }

    @Override
    public void close() {
      try {
        stream.close();
      } catch (java.io.IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
