package io.jimbot.eventbus.processor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.kept.LaneReader;
import io.jimbot.eventbus.service.kept.Stretch;
import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayProgress;
import io.jimbot.events.v1.ReplayRequest;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When what is written becomes visible, by a clock that moves with each look and each wait. */
class ReplayPassageTest {

  private static final TopicPartition LOG = new TopicPartition("t.events", 0);
  private static final Instant RECEIVED = Instant.parse("2026-01-31T12:00:00Z");
  private static final Instant NOW = Instant.parse("2026-02-01T12:00:00Z");
  private static final long LOOK_NANOS = 1_000;

  /** What the looks at the clock may add up to between an event's time and its commit. */
  private static final long ROOM_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final List<Commit> commits = new ArrayList<>();
  private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();

  /** Since the replay began. */
  private long nanos;

  /**
   * Some events that became visible together.
   *
   * @param nanos when, since the replay began
   * @param events by offset
   */
  private record Commit(long nanos, List<Long> events) {}

  private final class Input extends MockConsumer<byte[], byte[]> {
    Input() {
      super("none");
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration patience) {
      ConsumerRecords<byte[], byte[]> found = super.poll(patience);
      if (found.isEmpty()) {
        nanos += patience.toNanos();
      }
      return found;
    }
  }

  private final class Output extends MockProducer<byte[], byte[]> {
    Output() {
      super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void commitTransaction() {
      int before = history().size();
      super.commitTransaction();
      List<Long> events =
          history().stream()
              .skip(before)
              .filter(record -> record.topic().equals("t.replay.r"))
              .map(ReplayPassageTest::number)
              .toList();
      if (!events.isEmpty()) {
        commits.add(new Commit(nanos, events));
      }
    }
  }

  private final class TestTime implements ReplayTime {
    @Override
    public long nanos() {
      nanos += LOOK_NANOS;
      return nanos;
    }

    @Override
    public void await(ReplayControl control, long wait) {
      nanos += wait;
    }
  }

  private static long number(ProducerRecord<byte[], byte[]> event) {
    return Long.parseLong(new String(event.value(), UTF_8));
  }

  /** The next event of the log, so long after the first one. */
  private void event(String type, long afterMillis) {
    long offset = log.size();
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.EVENT_ID, ("id-" + offset).getBytes(UTF_8));
    headers.add(HeaderNames.EVENT_TYPE, type.getBytes(UTF_8));
    headers.add(HeaderNames.TOPIC, "game.any".getBytes(UTF_8));
    headers.add(HeaderNames.GAME_ID, "game".getBytes(UTF_8));
    byte[] value = Long.toString(offset).getBytes(UTF_8);
    log.add(
        new ConsumerRecord<>(
            LOG.topic(),
            LOG.partition(),
            offset,
            RECEIVED.plusMillis(afterMillis).toEpochMilli(),
            TimestampType.CREATE_TIME,
            4,
            value.length,
            "game".getBytes(UTF_8),
            value,
            headers,
            Optional.empty()));
  }

  private void wanted(long... afterMillis) {
    for (long millis : afterMillis) {
      event("WANTED", millis);
    }
  }

  private static ReplayRequest.Builder timed(double speed) {
    return ReplayRequest.newBuilder()
        .setReplayId("r")
        .addTopics("**")
        .addEventTypes("WANTED")
        .setOwnTopic(true)
        .setSpeed(speed)
        .setUntil(Times.timestamp(NOW));
  }

  private ReplayState replay(ReplayRequest.Builder request) throws Exception {
    return replay(request.build(), ReplayProgress.getDefaultInstance(), log.size());
  }

  private ReplayState replay(ReplayRequest request, ReplayProgress before, long end)
      throws Exception {
    ReplaySettings settings = ProcessorConfiguration.load(null, Map.of()).replay();
    KafkaTopics topics = new KafkaTopics("t");
    InstantSource clock = () -> NOW.plusNanos(nanos);
    Pacer pacer = new Pacer(request.getSpeed(), request.getMaxRate());
    try (Input input = new Input();
        ReplayJournal journal =
            ReplayJournal.open(
                List.of(new Output(), new Output(), new Output()),
                new ReplayRecords(topics.replays()),
                "r",
                0)) {
      LaneReader reader =
          new LaneReader(
              input,
              List.of(new Stretch(LOG, 0, 0, end, 0, List.of())),
              LOG.topic(),
              settings.bufferSize().toBytes());
      log.forEach(input::addRecord);
      return new ReplayPassage(
              reader,
              new Selection(request),
              new ReplayTarget(topics, request),
              journal,
              new ReplayTally(before, nanos),
              pacer,
              Punctuality.of(request, settings),
              new CommitRhythm(settings, pacer.isPaced(), nanos),
              new ReplayControl(ReplayAction.REPLAY_ACTION_RUN),
              new ReplayMetrics(new PrometheusRegistry()),
              clock.withZone(ZoneOffset.UTC),
              new TestTime())
          .run();
    }
  }

  /** These became visible together at that time, or a moment later. */
  private static void assertCommit(Commit commit, double atMillis, Long... events) {
    long at = (long) (atMillis * TimeUnit.MILLISECONDS.toNanos(1));
    assertThat(commit.events()).containsExactly(events);
    assertThat(commit.nanos()).isBetween(at, at + ROOM_NANOS);
  }

  @Test
  void inATimingEachEventBecomesVisibleAtItsTimeAndNotBefore() throws Exception {
    wanted(0, 100, 150, 1_400);

    assertThat(replay(timed(2))).isInstanceOf(ReplayState.Completed.class);

    assertThat(commits).hasSize(4);
    assertCommit(commits.get(0), 0, 0L);
    assertCommit(commits.get(1), 50, 1L);
    assertCommit(commits.get(2), 75, 2L);
    assertCommit(commits.get(3), 700, 3L);
  }

  @Test
  void whatIsDueWithinFiveMillisecondsBecomesVisibleTogetherAtTheTimeOfTheLast() throws Exception {
    wanted(0, 100, 102, 105, 106);

    replay(timed(1));

    assertThat(commits).hasSize(3);
    assertCommit(commits.get(0), 0, 0L);
    assertCommit(commits.get(1), 105, 1L, 2L, 3L);
    assertCommit(commits.get(2), 106, 4L);
  }

  @Test
  void whatIsWrittenDoesNotWaitForThousandsOfEventsThatAreLeftOut() throws Exception {
    wanted(0, 100);
    for (int i = 0; i < 50_000; i++) {
      event("OTHER", 100);
    }
    wanted(10_000);

    replay(timed(1));

    assertThat(commits).hasSize(3);
    assertCommit(commits.get(0), 0, 0L);
    assertThat(commits.get(1).events()).containsExactly(1L);
    assertThat(commits.get(1).nanos())
        .isBetween(
            TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.MILLISECONDS.toNanos(105) + ROOM_NANOS);
    assertCommit(commits.get(2), 10_000, 50_002L);
  }

  @Test
  void afterAResumptionTheGapsGoOnFromTheLastEvent() throws Exception {
    wanted(1_300, 1_350);
    ReplayProgress before =
        ReplayProgress.newBuilder()
            .setEvents(7)
            .setEventTime(Times.timestamp(RECEIVED.plusMillis(1_000)))
            .build();

    replay(timed(1).build(), before, log.size());

    assertThat(commits).hasSize(2);
    assertCommit(commits.get(0), 300, 0L);
    assertCommit(commits.get(1), 350, 1L);
  }

  /** Without an end it would ask for ever. */
  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsWrittenDoesNotWaitForWhatCannotBeReadAndThatIsLookedForAnewAfterAMinute() {
    wanted(0, 100);

    assertThatThrownBy(
            () -> replay(timed(1).build(), ReplayProgress.getDefaultInstance(), log.size() + 1))
        .isInstanceOf(TimeoutException.class);

    assertThat(commits).hasSize(2);
    assertCommit(commits.get(1), 100, 1L);
    assertThat(Duration.ofNanos(nanos)).isBetween(Duration.ofMinutes(1), Duration.ofSeconds(61));
  }
}
