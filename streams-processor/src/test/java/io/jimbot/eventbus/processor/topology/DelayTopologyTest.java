package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.kafka.FailedRecords;
import io.jimbot.eventbus.service.delay.DelayedRecordKind;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.record.HeaderTime;
import io.jimbot.eventbus.wire.ValueFormat;
import io.jimbot.events.v1.CancellationOutcome;
import io.jimbot.events.v1.CancellationReport;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DelayedReport;
import io.jimbot.events.v1.Event;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelayTopologyTest {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final KafkaTopics TOPICS = new KafkaTopics("t");
  private static final DelayRules RULES =
      new DelayRules(20, 100_000, Duration.ofMillis(50), Duration.ofHours(1));

  @TempDir private Path directory;

  private final ValueFormat values =
      ValueFormat.plain(Map.of(TOPICS.events(), Event.getDefaultInstance()));
  private final Watch watch = new Watch();
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> delayed;
  private TestOutputTopic<byte[], byte[]> log;
  private TestOutputTopic<byte[], byte[]> reports;
  private TestOutputTopic<byte[], byte[]> letters;
  private TestOutputTopic<byte[], byte[]> marks;
  private Instant now = START;

  /** Counts. */
  private static final class Watch implements DelayWatch {
    private final List<Long> lateness = new ArrayList<>();
    private int cancelled;
    private int expired;
    private long waiting;

    @Override
    public void delivered(long lateMillis) {
      lateness.add(lateMillis);
    }

    @Override
    public void cancelled(int events) {
      cancelled += events;
    }

    @Override
    public void expired() {
      expired++;
    }

    @Override
    public void waiting(int partition, long events, long bytes) {
      waiting = events;
    }
  }

  @BeforeEach
  void start() {
    start(RULES);
  }

  private void start(DelayRules rules) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "t");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    FailedRecords failures =
        new FailedRecords(
            TOPICS.deadLetters(), "delay", values.serializer(), Clock.systemUTC(), reason -> {});
    driver =
        new TopologyTestDriver(
            DelayTopology.of(TOPICS, rules, values.serializer(), failures, watch),
            properties,
            START);
    ByteArraySerializer to = new ByteArraySerializer();
    ByteArrayDeserializer from = new ByteArrayDeserializer();
    delayed = driver.createInputTopic(TOPICS.delayed(), to, to);
    log = driver.createOutputTopic(TOPICS.events(), from, from);
    reports = driver.createOutputTopic(TOPICS.delayedReports(), from, from);
    marks = driver.createOutputTopic(TOPICS.delayed(), from, from);
    letters = driver.createOutputTopic(TOPICS.deadLetters(), from, from);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private void pass(Duration time) {
    now = now.plus(time);
    driver.advanceWallClockTime(time);
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private void send(String id, String key, @Nullable Instant due, @Nullable Instant expiry) {
    send(id, key, due, expiry, ("v-" + id).getBytes(UTF_8));
  }

  private void send(
      String id, String key, @Nullable Instant due, @Nullable Instant expiry, byte[] value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.EVENT_ID, id.getBytes(UTF_8));
    headers.add("other", null);
    if (due != null) {
      headers.add(HeaderNames.DELIVER_AT, HeaderTime.of(due.toEpochMilli()));
    }
    if (expiry != null) {
      headers.add(HeaderNames.EXPIRES_AT, HeaderTime.of(expiry.toEpochMilli()));
    }
    delayed.pipeInput(new TestRecord<>(key.getBytes(UTF_8), value, headers, now));
  }

  private void sendDueIn(int seconds, String id) {
    send(id, "key", now.plusSeconds(seconds), null);
  }

  private CancellationReport cancel(String eventId) {
    var unused = reports.readRecordsToList();
    RecordHeaders headers = new RecordHeaders();
    headers.add(DelayedRecordKind.CANCEL.header());
    delayed.pipeInput(
        new TestRecord<>(eventId.getBytes(UTF_8), "request-1".getBytes(UTF_8), headers, now));
    return reports().stream()
        .filter(DelayedReport::hasCancellation)
        .map(DelayedReport::getCancellation)
        .findFirst()
        .orElseThrow();
  }

  private List<DelayedReport> reports() {
    return reports.readRecordsToList().stream()
        .map(
            record -> {
              try {
                return DelayedReport.parseFrom(record.value());
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  private List<String> delivered() {
    return log.readRecordsToList().stream()
        .map(record -> new String(record.value(), UTF_8).substring(2))
        .toList();
  }

  @Test
  void anEventComesWithinASecondOfItsTimeAndNotBefore() {
    sendDueIn(10, "a");
    pass(Duration.ofMillis(9_999));
    assertThat(delivered()).isEmpty();

    pass(Duration.ofMillis(100));

    assertThat(delivered()).containsExactly("a");
    assertThat(watch.lateness).hasSize(1).allMatch(late -> late >= 0 && late < 1_000);
  }

  @Test
  void keyValueAndHeadersAreThoseThatCameInButForItsFormAndTheTimeOfTheDelivery() {
    send("a", "game-7", now.plusSeconds(1), now.plusSeconds(60));
    pass(seconds(2));

    TestRecord<byte[], byte[]> record = log.readRecord();
    assertThat(new String(record.key(), UTF_8)).isEqualTo("game-7");
    assertThat(new String(record.value(), UTF_8)).isEqualTo("v-a");
    assertThat(record.headers().toArray())
        .extracting(header -> header.key())
        .containsExactly(
            HeaderNames.EVENT_ID,
            "other",
            HeaderNames.DELIVER_AT,
            HeaderNames.EXPIRES_AT,
            HeaderNames.CONTENT_TYPE);
    assertThat(record.headers().lastHeader("other").value()).isNull();
    assertThat(record.getRecordTime()).isBetween(START.plusSeconds(1), now);
  }

  @Test
  void eventsComeInTheOrderOfTheirTimesAndThoseOfOneTimeAsTheyWereSent() {
    sendDueIn(3, "third");
    sendDueIn(1, "first");
    sendDueIn(2, "second-a");
    sendDueIn(2, "second-b");
    pass(seconds(5));

    assertThat(delivered()).containsExactly("first", "second-a", "second-b", "third");
  }

  @Test
  void randomEventsAndCancellationsComeOutAsASortedMapWouldHaveThem() {
    Random random = new Random(5);
    TreeMap<Long, String> expected = new TreeMap<>();
    List<String> got = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      if (expected.size() < 15) {
        long due = now.toEpochMilli() + 1 + random.nextInt(5_000);
        if (expected.putIfAbsent(due, "e" + i) == null) {
          send("e" + i, "k", Instant.ofEpochMilli(due), null);
        }
      }
      if (!expected.isEmpty() && random.nextInt(4) == 0) {
        List<Long> all = new ArrayList<>(expected.keySet());
        String id = Objects.requireNonNull(expected.remove(all.get(random.nextInt(all.size()))));
        assertThat(cancel(id).getCancelled()).isEqualTo(1);
      }
      pass(Duration.ofMillis(50));
      var due = expected.headMap(now.toEpochMilli(), true);
      wanted.addAll(due.values());
      due.clear();
      got.addAll(delivered());
    }

    assertThat(got).isEqualTo(wanted).hasSizeGreaterThan(50);
  }

  /** Each mark goes through Kafka: with one for every few thousand events they would be late. */
  @Test
  void whatIsDueAtOneInstantComesByOneMarkHoweverMuchItIsAndCanBeCancelledMeanwhile() {
    driver.close();
    start(new DelayRules(20_000, 10_000_000, Duration.ofMillis(50), Duration.ofHours(1)));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      sendDueIn(1, "e" + i);
      expected.add("e" + i);
    }
    pass(seconds(1));
    List<String> got = new ArrayList<>(delivered());
    assertThat(got).hasSize(5_000);
    assertThat(cancel("e11000").getCancelled()).isEqualTo(1);
    expected.remove("e11000");
    for (int i = 0; i < 3; i++) {
      pass(Duration.ofMillis(50));
      got.addAll(delivered());
    }

    assertThat(got).isEqualTo(expected);
    assertThat(marks.readRecordsToList()).hasSize(1);
    assertThat(watch.lateness).allMatch(late -> late < 1_000);
  }

  @Test
  void largeEventsThatAreDueAtOneInstantAreNotAllInMemoryAtOnce() {
    driver.close();
    start(new DelayRules(1_000, 100_000_000, Duration.ofMillis(50), Duration.ofHours(1)));
    for (int i = 0; i < 30; i++) {
      send("e" + i, "key", now.plusSeconds(1), null, new byte[1024 * 1024]);
    }
    pass(seconds(1));
    int first = log.readRecordsToList().size();
    for (int i = 0; i < 4; i++) {
      pass(Duration.ofMillis(50));
    }

    assertThat(first).isBetween(1, 8);
    assertThat(log.readRecordsToList()).hasSize(30 - first);
  }

  @Test
  void anEventThatIsCancelledInTimeDoesNotComeAndAskingAgainGivesTheSameAnswer() {
    sendDueIn(10, "a");
    sendDueIn(10, "b");

    CancellationReport first = cancel("a");
    CancellationReport second = cancel("a");
    pass(seconds(20));

    assertThat(first.getOutcome())
        .isEqualTo(CancellationOutcome.CANCELLATION_OUTCOME_CANCELLED)
        .isEqualTo(second.getOutcome());
    assertThat(first.getCancelled()).isEqualTo(1);
    assertThat(second.getCancelled()).isZero();
    assertThat(first.getCancellationId()).isEqualTo("request-1");
    assertThat(delivered()).containsExactly("b");
    assertThat(watch.cancelled).isEqualTo(1);
  }

  @Test
  void allEventsOfAnIdAreCancelledAndNoneWhoseIdOnlyBeginsLikeIt() {
    sendDueIn(1, "a");
    sendDueIn(2, "a");
    sendDueIn(3, "ab");

    assertThat(cancel("a").getCancelled()).isEqualTo(2);
    pass(seconds(5));
    assertThat(delivered()).containsExactly("ab");
  }

  @Test
  void aRequestThatComesTooLateIsToldSo() {
    sendDueIn(1, "a");
    pass(seconds(2));

    assertThat(cancel("a").getOutcome())
        .isEqualTo(CancellationOutcome.CANCELLATION_OUTCOME_TOO_LATE);
    assertThat(cancel("never").getOutcome())
        .isEqualTo(CancellationOutcome.CANCELLATION_OUTCOME_NOT_WAITING);
  }

  @Test
  void howAnEventEndedIsForgottenAfterAnHour() {
    sendDueIn(1, "a");
    pass(seconds(2));
    pass(Duration.ofMinutes(61));
    pass(seconds(2));

    assertThat(cancel("a").getOutcome())
        .isEqualTo(CancellationOutcome.CANCELLATION_OUTCOME_NOT_WAITING);
  }

  /** As after an outage of the processor: both lie in the topic, and the time has passed. */
  @Test
  void aRequestThatWasStoredBeforeTheTimeHoldsThoughItIsReadAfterIt() {
    send("a", "k", now.minusSeconds(5), null);
    send("b", "k", now.minusSeconds(5), null);
    assertThat(delivered()).isEmpty();
    cancel("a");
    pass(seconds(1));

    assertThat(delivered()).containsExactly("b");
  }

  @Test
  void anEventWhoseTimeIsOverIsDroppedAndCounted() {
    send("a", "k", now.plusSeconds(1), now.plusSeconds(2));
    driver.advanceWallClockTime(seconds(3));

    assertThat(delivered()).isEmpty();
    assertThat(watch.expired).isEqualTo(1);
  }

  @Test
  void whatCannotBeKeptIsADeadLetterAndTheRestGoesOn() throws Exception {
    send("timeless", "k", null, null);
    for (int i = 0; i < 21; i++) {
      sendDueIn(1, "e" + i);
    }
    pass(seconds(2));

    assertThat(delivered()).hasSize(20).doesNotContain("e20");
    List<DeadLetter> refused = new ArrayList<>();
    for (TestRecord<byte[], byte[]> record : letters.readRecordsToList()) {
      refused.add(DeadLetter.parseFrom(record.value()));
    }
    assertThat(refused)
        .extracting(DeadLetter::getReason)
        .containsExactly("no_delivery_time", "too_many_delayed");
    assertThat(refused.get(1).getOriginal().toStringUtf8()).isEqualTo("v-e20");
    sendDueIn(1, "again");
    pass(seconds(2));
    assertThat(delivered()).containsExactly("again");
  }

  @Test
  void howManyWaitIsReportedWhenItChangesAndNowAndThenOtherwise() {
    sendDueIn(1_000, "a");
    sendDueIn(1_000, "b");
    pass(seconds(1));
    assertThat(reports())
        .last()
        .satisfies(
            report -> {
              assertThat(report.getOccupancy().getEvents()).isEqualTo(2);
              assertThat(report.getOccupancy().getBytes()).isPositive();
            });
    assertThat(watch.waiting).isEqualTo(2);

    pass(seconds(1));
    assertThat(reports()).isEmpty();
    pass(seconds(30));
    assertThat(reports()).isNotEmpty();
    cancel("a");
    cancel("b");
    pass(seconds(1));
    assertThat(reports()).last().satisfies(r -> assertThat(r.getOccupancy().getBytes()).isZero());
  }

  @Test
  void aMarkThatCarriesNoTimeDeliversNothing() {
    sendDueIn(1, "a");
    RecordHeaders headers = new RecordHeaders();
    headers.add(DelayedRecordKind.DUE.header());
    delayed.pipeInput(new TestRecord<>(new byte[0], "soon".getBytes(UTF_8), headers, now));

    assertThat(delivered()).isEmpty();
    pass(seconds(2));
    assertThat(delivered()).containsExactly("a");
  }
}
