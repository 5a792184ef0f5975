package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jimbot.eventbus.gateway.delivery.history.HistoryCursor;
import io.jimbot.eventbus.service.kept.Stretch;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading back over HTTP. */
class HistoryIT {

  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private final HttpClient client = HttpClient.newHttpClient();
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
    String prefix = "history" + PREFIXES.incrementAndGet();
    gateway =
        GatewayServer.start(
            TestGateway.configuration(
                Map.of(
                    "bootstrapServers",
                    kafka.bootstrapServers(),
                    "topics.prefix",
                    prefix,
                    "delivery.history.maxScanned",
                    40,
                    "http.writeTimeout",
                    "8s")));
    TestGateway.awaitReady(gateway);
  }

  @AfterEach
  void stopGateway() {
    gateway.close();
  }

  @Test
  void pagesOfAnySizeAddUpToTheLogAsItWasWhenTheFirstWasAsked() throws Exception {
    Random random = new Random(11);
    int published = publish(0, 150);
    List<Integer> numbers = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = get("?limit=" + (1 + random.nextInt(20)) + cursor, 200);
      page.get("events").forEach(e -> numbers.add(number(e)));
      JsonNode next = page.get("next_cursor");
      cursor = next == null ? "" : "&cursor=" + next.textValue();
      published += publish(published, 3);
    } while (!cursor.isEmpty());

    // Stored one after the other, so that the order of receipt is that of the numbers.
    assertThat(numbers).hasSize(150).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aQuestionThatFindsLittleGivesShortPagesWithACursor() throws Exception {
    publish(0, 100);
    int events = 0;
    int pages = 0;
    String cursor = "";
    do {
      JsonNode page = get("?type=STEP&game_id=game-3&limit=1000" + cursor, 200);
      events += page.get("events").size();
      pages++;
      JsonNode next = page.get("next_cursor");
      cursor = next == null ? "" : "&cursor=" + next.textValue();
    } while (!cursor.isEmpty());

    assertThat(events).isEqualTo(20);
    assertThat(pages).isGreaterThan(2);
  }

  @Test
  void onlyWhatWasTakenInWithinTheTimesIsAnswered() throws Exception {
    publish(0, 3);
    long last = received(get("?limit=5", 200).get("events").get(2));
    await().until(() -> System.currentTimeMillis() > last + 1);
    publish(3, 2);
    long later = received(get("?limit=5", 200).get("events").get(3));

    assertThat(numbers(get("?from=" + later, 200))).containsExactly(3, 4);
    assertThat(numbers(get("?to=" + Instant.ofEpochMilli(later), 200))).containsExactly(0, 1, 2);
    assertThat(numbers(get("?from=" + later + "&to=" + later, 200))).isEmpty();
  }

  private static long received(JsonNode delivered) {
    return Instant.parse(delivered.get("received_at").textValue()).toEpochMilli();
  }

  private static List<Integer> numbers(JsonNode page) {
    List<Integer> numbers = new ArrayList<>();
    page.get("events").forEach(event -> numbers.add(number(event)));
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({
    "?from=yesterday, from",
    "?limit=0, limit",
    "?cursor=x, cursor",
    "?topic=a..b, topic",
    "?game_id=, game_id",
    "'?source=a,', source",
  })
  void aParameterThatMakesNoSenseIsNamed(String query, String name) throws Exception {
    assertThat(get(query, 422).get("error").textValue()).startsWith(name + ": ");
  }

  @Test
  void aCursorIsGoodForItsOwnQuestionOnly() throws Exception {
    publish(0, 10);
    String cursor = get("?limit=3", 200).get("next_cursor").textValue();

    assertThat(get("?limit=3&type=OTHER&cursor=" + cursor, 422).get("error").textValue())
        .startsWith("cursor: ");
  }

  @Test
  void aCursorThatGoesBeyondTheLogIsRefused() throws Exception {
    publish(0, 10);
    HistoryCursor cursor = cursor(get("?limit=3", 200));
    List<Stretch> beyond =
        cursor.stretches().stream()
            .map(s -> new Stretch(s.partition(), s.begin(), s.next(), 1_000, s.fresh(), s.gaps()))
            .toList();
    String forged = new HistoryCursor(beyond, cursor.sinceMillis(), cursor.fingerprint()).toText();

    assertThat(get("?limit=3&cursor=" + forged, 422).get("error").textValue())
        .startsWith("cursor: ");
  }

  @Test
  void clientsThatDoNotTakeTheirPagesDelayNobodyAndAreCutOff() throws Exception {
    for (int i = 0; i < 40; i++) {
      post("{\"type\":\"STEP\",\"payload\":{\"n\":1,\"text\":\"" + "x".repeat(200_000) + "\"}}");
    }
    // More than there are readers of history.
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        idle.add(askAndTakeOneByte());
      }

      assertThat(metrics()).contains("eventbus_http_answers_unsent 4.0");
      assertThat(get("?limit=1", 200).get("events")).hasSize(1);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> assertThat(metrics()).contains("eventbus_http_answers_cut_off_total 4.0"));
      assertThat(metrics()).contains("eventbus_http_answers_unsent 0.0");
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  private Socket askAndTakeOneByte() throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 * 1024);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress("127.0.0.1", gateway.httpPort()));
    socket
        .getOutputStream()
        .write("GET /api/v1/events?limit=1000 HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  private String metrics() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + gateway.httpPort() + "/metrics");
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void aCursorNamesTheLogAndItsClassTopicsOnly() throws Exception {
    publish(0, 10);
    HistoryCursor cursor = cursor(get("?limit=3", 200));
    List<Stretch> foreign = new ArrayList<>(cursor.stretches());
    foreign.add(new Stretch(new TopicPartition("secrets", 0), 0, 0, 10, 0, List.of()));
    String forged = new HistoryCursor(foreign, cursor.sinceMillis(), cursor.fingerprint()).toText();

    assertThat(get("?limit=3&cursor=" + forged, 422).get("error").textValue())
        .startsWith("cursor: ");
  }

  private static HistoryCursor cursor(JsonNode page) {
    return Objects.requireNonNull(HistoryCursor.read(page.get("next_cursor").textValue()));
  }

  private static int number(JsonNode delivered) {
    return delivered.get("event").get("payload").get("n").intValue();
  }

  private int publish(int from, int count) throws Exception {
    for (int i = from; i < from + count; i++) {
      String event =
          "{\"type\":\"STEP\",\"game_id\":\"game-%d\",\"payload\":{\"n\":%d}}".formatted(i % 5, i);
      post(event);
    }
    return count;
  }

  private void post(String event) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri(""))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private JsonNode get(String query, int status) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri(query)).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private URI uri(String query) {
    return URI.create("http://127.0.0.1:" + gateway.httpPort() + "/api/v1/events" + query);
  }
}
