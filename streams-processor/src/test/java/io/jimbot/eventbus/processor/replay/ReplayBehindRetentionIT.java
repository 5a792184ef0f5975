package io.jimbot.eventbus.processor.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.service.record.OriginalPosition;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.events.v1.ReplayAction;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replay that is slower than the log's retention. */
@Timeout(240)
class ReplayBehindRetentionIT {

  private static final int EVENTS = 900;
  private static final Instant START = Instant.now().minus(Duration.ofHours(2));

  @TempDir private Path directory;

  private ReplayFixture kafka;
  private ReplayPart part;

  @BeforeEach
  void start() throws Exception {
    kafka = ReplayFixture.start(directory.resolve("kafka"));
    kafka.makeTopic("t.replays", 1);
    kafka.makeTopic("t.events.standard", ReplayFixture.LOG_PARTITIONS);
    kafka.makeTopic("t.events.archive", 2);
    // Much more than a replay reads ahead.
    kafka.largeValues(20_000);
    for (int i = 0; i < EVENTS; i++) {
      kafka.event("k" + i % 17, i, START.plusMillis(i / 3), "ANY", "game.any");
    }
    kafka.flush();
    part =
        new ReplayPart(
            kafka.kafkaSettings(),
            ProcessorConfiguration.load(null, Map.of("replay.bufferSize", "1MiB")).replay(),
            new PrometheusRegistry());
  }

  @AfterEach
  void stop() {
    part.close();
    kafka.close();
  }

  /** What the processor keeps: here all but some. */
  private void keep(List<ConsumerRecord<byte[], byte[]>> log) {
    for (ConsumerRecord<byte[], byte[]> event : log) {
      int number = ReplayFixture.number(event);
      if (!isLost(number)) {
        kafka.eventOfClass(
            number % 3 == 0 ? "t.events.archive" : "t.events.standard",
            "k" + number % 17,
            number,
            OriginalPosition.of(event),
            "ANY");
      }
    }
    kafka.flush();
  }

  private static boolean isLost(int number) {
    return number % 50 == 0;
  }

  @Test
  void whatWasDeletedMeanwhileComesFromTheClassTopicsAndWhatIsLostIsCounted() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>(kafka.read(ReplayFixture.LOG));
    log.sort(Comparator.comparing(ReplayFixture::number));
    keep(log);
    part.start();
    kafka.ask(ReplayFixture.all("slow").setMaxRate(150).build());
    kafka.awaitReplay("slow", replay -> replay.progress().getEvents() > 20);
    // Once while it reads, and once while it rests.
    cut(log, 0.6);
    kafka.awaitReplay("slow", replay -> replay.progress().getDeleted() > 0);
    kafka.wish("slow", ReplayAction.REPLAY_ACTION_PAUSE);
    kafka.awaitReplay("slow", replay -> replay.state() instanceof ReplayState.Paused);
    cut(log, 0.9);
    kafka.wish("slow", ReplayAction.REPLAY_ACTION_RUN);

    Replay done = kafka.awaitCompleted("slow");
    List<ConsumerRecord<byte[], byte[]>> replayed = kafka.read("t.replay.slow");
    List<Integer> missing = numbers(log);
    missing.removeAll(numbers(replayed));
    assertThat(missing).isNotEmpty().allMatch(ReplayBehindRetentionIT::isLost);
    Map<String, List<Integer>> expected = new HashMap<>(ReplayFixture.byKey(log));
    expected.values().forEach(ofKey -> ofKey.removeAll(missing));
    assertThat(ReplayFixture.byKey(replayed)).isEqualTo(expected);
    assertThat(done.progress().getDeleted() - done.progress().getRecovered())
        .isEqualTo(missing.size());
  }

  @Test
  void whatWasLeftInAClassTopicThatWasDeletedIsCountedAndTheRestComes() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>(kafka.read(ReplayFixture.LOG));
    log.sort(Comparator.comparing(ReplayFixture::number));
    keep(log);
    cut(log, 0.6);
    part.start();
    kafka.ask(ReplayFixture.all("orphan").setMaxRate(150).build());
    kafka.awaitReplay("orphan", replay -> replay.progress().getEvents() > 20);
    kafka.wish("orphan", ReplayAction.REPLAY_ACTION_PAUSE);
    kafka.awaitReplay("orphan", replay -> replay.state() instanceof ReplayState.Paused);
    kafka.deleteTopic("t.events.archive");
    kafka.wish("orphan", ReplayAction.REPLAY_ACTION_RUN);

    Replay done = kafka.awaitCompleted("orphan");
    List<Integer> missing = numbers(log);
    missing.removeAll(numbers(kafka.read("t.replay.orphan")));
    assertThat(missing).allMatch(number -> isLost(number) || number % 3 == 0);
    assertThat(done.progress().getDeleted())
        .isGreaterThanOrEqualTo(missing.stream().filter(number -> !isLost(number)).count())
        .isPositive();
  }

  /** Deletes that part of each partition. */
  private void cut(List<ConsumerRecord<byte[], byte[]>> log, double part) throws Exception {
    for (int i = 0; i < ReplayFixture.LOG_PARTITIONS; i++) {
      int partition = i;
      long events = log.stream().filter(event -> event.partition() == partition).count();
      kafka.deleteBefore(partition, (long) (part * events));
    }
  }

  private static List<Integer> numbers(List<ConsumerRecord<byte[], byte[]>> events) {
    return new ArrayList<>(events.stream().map(ReplayFixture::number).toList());
  }
}
