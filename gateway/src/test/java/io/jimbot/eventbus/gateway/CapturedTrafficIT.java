package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.json.EventEncoder;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import io.jimbot.eventbus.testing.CapturedTraffic;
import io.jimbot.eventbus.testing.CapturedTraffic.Request;
import io.jimbot.eventbus.testing.ExactJson;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.Event;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The captured traffic of the real mod, over real HTTP into a real Kafka. */
class CapturedTrafficIT {
  /** The bodies of "nasty" in which a quote stands unescaped, by line, and where the fault is. */
  private static final Map<Integer, String> UNREADABLE =
      Map.of(
          602, "events[1].payload.score_history.quoted[0]",
          649, "events[1].payload.score_history");

  @TempDir private static Path directory;
  private static EmbeddedKafka kafka;

  private final EventEncoder encoder = new EventEncoder();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** After the last replay. */
  private MetricsPage metrics = new MetricsPage(new byte[0]);

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory));
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"typical", "menu", "lost", "nasty"})
  void everyEventLiesInKafkaAsOftenAsItWasSentInOrderAndWhole(String capture) throws Exception {
    List<Request> requests = CapturedTraffic.requests(capture);

    Map<Integer, Integer> statuses = replay(capture, requests);

    statuses.forEach(
        (line, status) ->
            assertThat(status)
                .as("%s line %d", capture, line)
                .isEqualTo(isUnreadable(capture, line) ? 207 : 200));
    List<JsonNode> sent = sentEvents(capture, requests);
    List<ConsumerRecord<byte[], byte[]>> stored =
        EventLog.read(kafka.bootstrapServers(), capture + ".events");
    assertSame(capture, sent, stored);
    metrics.everyEventIsCountedTwice();
    assertThat(metrics.total("eventbus_events_accepted_total")).isEqualTo(sent.size());
    assertThat(metrics.sums("eventbus_events_refused_total", "reason"))
        .isEqualTo(capture.equals("nasty") ? Map.of("unreadable", 2.0) : Map.of());
  }

  @Test
  void twoSendersAtOnceKeepTheirOwnOrderUnderKeysOfTheirOwn() throws Exception {
    Map<String, String> captures = Map.of("first", "typical", "second", "menu");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (GatewayServer gateway = startGateway("shared")) {
      List<Callable<Set<Integer>>> senders = new ArrayList<>();
      captures.forEach(
          (client, capture) -> senders.add(sender(gateway.httpPort(), capture, client)));
      for (Future<Set<Integer>> statuses : threads.invokeAll(senders)) {
        assertThat(statuses.get()).containsExactly(200);
      }
      metrics(gateway.httpPort()).everyEventIsCountedTwice();
    } finally {
      threads.shutdownNow();
    }

    Map<String, List<ConsumerRecord<byte[], byte[]>>> byKey =
        EventLog.read(kafka.bootstrapServers(), "shared.events").stream()
            .collect(Collectors.groupingBy(record -> new String(record.key(), UTF_8)));
    assertThat(byKey).containsOnlyKeys("BalatroMCP@first", "BalatroMCP@second");
    for (Map.Entry<String, String> sender : captures.entrySet()) {
      String capture = sender.getValue();
      assertSame(
          capture,
          sentEvents(capture, CapturedTraffic.requests(capture)),
          byKey.getOrDefault("BalatroMCP@" + sender.getKey(), List.of()));
    }
  }

  /** Asserts that a sender's events lie in one partition, in their order, none twice, and whole. */
  private void assertSame(
      String capture, List<JsonNode> sent, List<ConsumerRecord<byte[], byte[]>> stored)
      throws Exception {
    assertThat(stored).hasSameSizeAs(sent);
    assertThat(stored)
        .extracting(ConsumerRecord::partition)
        .containsOnly(stored.get(0).partition());
    for (int i = 0; i < sent.size(); i++) {
      JsonNode back = ExactJson.read(encoder.encode(Event.parseFrom(stored.get(i).value())));
      assertThat(ExactJson.differences(sent.get(i), back)).as("%s event %d", capture, i).isEmpty();
    }
  }

  @Test
  void unreadableEventsOfTheNastyCaptureLieInTheDeadLettersWithTheirBytesAndTheirPlace()
      throws Exception {
    List<Request> requests =
        CapturedTraffic.requests("nasty").stream()
            .filter(request -> UNREADABLE.containsKey(request.line()))
            .toList();

    replay("broken", requests);

    List<DeadLetter> letters = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record :
        EventLog.read(kafka.bootstrapServers(), "broken.dead-letters")) {
      letters.add(DeadLetter.parseFrom(record.value()));
    }
    assertThat(letters).hasSize(2);
    for (int i = 0; i < 2; i++) {
      Request request = requests.get(i);
      DeadLetter letter = letters.get(i);
      String body = new String(request.body(), UTF_8);
      int begin = body.indexOf(",{\"event_id\"") + 1;
      int end = body.lastIndexOf("}],\"source\"") + 1;
      assertThat(letter.getOriginal().toString(UTF_8)).isEqualTo(body.substring(begin, end));
      assertThat(letter.getPosition()).isEqualTo(body.substring(0, begin).getBytes(UTF_8).length);
      assertThat(letter.getPath()).isEqualTo(UNREADABLE.get(request.line()));
      assertThat(letter.getReason()).isEqualTo("unreadable");
      assertThat(letter.getStage()).isEqualTo(DeadLetterStage.DEAD_LETTER_STAGE_DECODE);
      assertThat(letter.getProducer()).isEqualTo("mod");
    }
  }

  @Test
  void aRepetitionHasTheIdempotencyKeyOfItsOriginalAndNoOtherEventHas() throws Exception {
    List<Request> requests = CapturedTraffic.requests("lost");

    replay("repeated", requests);

    Map<String, List<String>> identities =
        EventLog.read(kafka.bootstrapServers(), "repeated.events").stream()
            .collect(
                Collectors.groupingBy(
                    record ->
                        HexFormat.of()
                            .formatHex(
                                record.headers().lastHeader(HeaderNames.IDEMPOTENCY_KEY).value()),
                    Collectors.mapping(CapturedTrafficIT::identity, Collectors.toList())));
    assertThat(identities).hasSize(191);
    assertThat(identities.values().stream().mapToInt(List::size).sum()).isEqualTo(231);
    assertThat(identities.values())
        .allSatisfy(group -> assertThat(group).containsOnly(group.get(0)));
  }

  private static String identity(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader(HeaderNames.EVENT_ID).value(), UTF_8)
        + new String(record.headers().lastHeader(HeaderNames.EVENT_TYPE).value(), UTF_8);
  }

  private static boolean isUnreadable(String capture, int line) {
    return capture.equals("nasty") && UNREADABLE.containsKey(line);
  }

  /** Sends the requests one after the other, as the mod does; returns their statuses by line. */
  private Map<Integer, Integer> replay(String prefix, List<Request> requests) throws Exception {
    Map<Integer, Integer> statuses = new TreeMap<>();
    try (GatewayServer gateway = startGateway(prefix)) {
      for (Request request : requests) {
        if (!request.path().contains("/commands/")) {
          statuses.put(request.line(), send(gateway.httpPort(), request, "mod"));
        }
      }
      metrics = metrics(gateway.httpPort());
    }
    return statuses;
  }

  /** So patient that a busy machine does not make it refuse anything. */
  private static GatewayServer startGateway(String prefix) throws Exception {
    GatewayServer gateway =
        GatewayServer.start(
            TestGateway.configuration(
                Map.of(
                    "bootstrapServers",
                    kafka.bootstrapServers(),
                    "topics.prefix",
                    prefix,
                    "publish.deliveryTimeout",
                    "30s",
                    "publish.stallThreshold",
                    "10s")));
    TestGateway.awaitReady(gateway);
    return gateway;
  }

  /** The statuses of a capture's requests but those for commands, sent one after the other. */
  private Callable<Set<Integer>> sender(int port, String capture, String client) {
    return () -> {
      Set<Integer> statuses = new TreeSet<>();
      for (Request request : CapturedTraffic.requests(capture)) {
        if (!request.path().contains("/commands/")) {
          statuses.add(send(port, request, client));
        }
      }
      return statuses;
    };
  }

  private MetricsPage metrics(int port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
    return new MetricsPage(client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
  }

  private int send(int port, Request request, String clientId) throws Exception {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + request.path()))
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()))
            .header("X-Client-Id", clientId);
    request.headers().forEach(builder::header);
    return client.send(builder.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /** The events that the requests hold, read without the product's reader. */
  private static List<JsonNode> sentEvents(String capture, List<Request> requests) {
    List<JsonNode> events = new ArrayList<>();
    for (Request request : requests) {
      if (isUnreadable(capture, request.line())) {
        String body = new String(request.body(), UTF_8);
        int begin = body.indexOf("\"events\":[") + "\"events\":[".length();
        events.add(ExactJson.read(body.substring(begin, body.indexOf(",{\"event_id\""))));
      } else if (request.isBatch()) {
        ExactJson.read(request.body()).get("events").forEach(events::add);
      } else if (request.path().endsWith("/events")) {
        events.add(ExactJson.read(request.body()));
      }
    }
    return events;
  }
}
