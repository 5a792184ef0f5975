package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.json.EventEncoder;
import io.jimbot.eventbus.testing.CapturedTraffic;
import io.jimbot.eventbus.testing.CapturedTraffic.Request;
import io.jimbot.eventbus.testing.ExactJson;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
  @TempDir private static Path directory;
  private static TestKafka kafka;

  private final EventEncoder encoder = new EventEncoder();

  /** After the last replay. */
  private MetricsPage metrics = new MetricsPage(new byte[0]);

  @BeforeAll
  static void startKafka() {
    kafka = TestKafka.start(directory);
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
                .isEqualTo(CaptureReplay.isUnreadable(capture, line) ? 207 : 200));
    List<JsonNode> sent = CaptureReplay.sentEvents(capture, requests);
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
    try (GatewayServer gateway = CaptureReplay.startGateway(kafka.bootstrapServers(), "shared")) {
      List<Callable<Map<Integer, Integer>>> senders = new ArrayList<>();
      captures.forEach(
          (client, capture) -> {
            CaptureReplay replay = new CaptureReplay(gateway.httpPort(), client);
            senders.add(() -> replay.send(CapturedTraffic.requests(capture)));
          });
      for (Future<Map<Integer, Integer>> statuses : threads.invokeAll(senders)) {
        assertThat(statuses.get().values()).containsOnly(200);
      }
      new CaptureReplay(gateway.httpPort(), null).metrics().everyEventIsCountedTwice();
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
          CaptureReplay.sentEvents(capture, CapturedTraffic.requests(capture)),
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
            .filter(request -> CaptureReplay.UNREADABLE.containsKey(request.line()))
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
      assertThat(letter.getPath()).isEqualTo(CaptureReplay.UNREADABLE.get(request.line()));
      assertThat(letter.getReason()).isEqualTo("unreadable");
      assertThat(letter.getStage()).isEqualTo(DeadLetterStage.DEAD_LETTER_STAGE_DECODE);
      assertThat(letter.getProducer()).isEqualTo("127.0.0.1");
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

  /** Sends the requests as the mod does; returns their statuses by line. */
  private Map<Integer, Integer> replay(String prefix, List<Request> requests) throws Exception {
    try (GatewayServer gateway = CaptureReplay.startGateway(kafka.bootstrapServers(), prefix)) {
      CaptureReplay replay = new CaptureReplay(gateway.httpPort(), null);
      Map<Integer, Integer> statuses = replay.send(requests);
      metrics = replay.metrics();
      return statuses;
    }
  }
}
