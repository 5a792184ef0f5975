package io.jimbot.eventbus.processor.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.service.record.OriginalPosition;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.eventbus.service.replay.Times;
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
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a replay does, at one processor. */
@Timeout(180)
class ReplayPartIT {

  private static final Instant START = Instant.now().minus(Duration.ofHours(2));
  private static final int EVENTS = 600;

  @TempDir private static Path directory;

  private static ReplayFixture kafka;
  private static ReplayPart part;

  @BeforeAll
  static void start() throws Exception {
    kafka = ReplayFixture.start(directory.resolve("kafka"));
    for (int i = 0; i < EVENTS; i++) {
      boolean hand = i % 3 == 0;
      kafka.event(
          "game-" + i % 10,
          i,
          START.plusMillis(10L * i),
          hand ? "HAND_PLAYED" : "GAME_STATE",
          hand ? "game.hand.played" : "game.state.update");
    }
    kafka.flush();
    part = part();
    part.start();
  }

  private static ReplayPart part() throws Exception {
    ReplayPart made =
        new ReplayPart(
            kafka.kafkaSettings(),
            ProcessorConfiguration.load(null, Map.of("replay.sessionTimeout", "6s")).replay(),
            new PrometheusRegistry());
    kafka.makeTopic("t.replays", 4);
    return made;
  }

  @AfterAll
  static void stop() {
    part.close();
    kafka.close();
  }

  @Test
  void allEventsComeOnceInOrderPerKeyWithTheirMarks() throws Exception {
    kafka.ask(ReplayFixture.all("all").build());

    Replay done = kafka.awaitCompleted("all");
    assertThat(done.progress().getEvents()).isEqualTo(EVENTS);
    assertThat(done.fraction()).isEqualTo(1);
    List<ConsumerRecord<byte[], byte[]>> events = kafka.read("t.replay.all");
    assertThat(ReplayFixture.byKey(events)).isEqualTo(ReplayFixture.byKey(kafka.read("t.events")));
    Map<String, ConsumerRecord<byte[], byte[]>> original = new HashMap<>();
    kafka
        .read("t.events")
        .forEach(event -> original.put(ReplayFixture.header(event, HeaderNames.EVENT_ID), event));
    for (ConsumerRecord<byte[], byte[]> event : events) {
      assertThat(ReplayFixture.header(event, HeaderNames.REPLAY_ID)).isEqualTo("all");
      ConsumerRecord<byte[], byte[]> first =
          Objects.requireNonNull(original.get(ReplayFixture.header(event, HeaderNames.EVENT_ID)));
      assertThat(OriginalPosition.read(event.headers())).isEqualTo(OriginalPosition.of(first));
      assertThat(event.value()).isEqualTo(first.value());
      assertThat(event.partition()).isEqualTo(first.partition());
    }
  }

  @Test
  void onlyWhatIsAskedForComes() throws Exception {
    kafka.ask(
        ReplayFixture.all("some")
            .clearTopics()
            .addTopics("game.hand.*")
            .addGameIds("game-3")
            .setFrom(Times.timestamp(START.plusMillis(1_000)))
            .setUntil(Times.timestamp(START.plusMillis(4_000)))
            .build());

    kafka.awaitCompleted("some");
    assertThat(kafka.read("t.replay.some").stream().map(ReplayFixture::number))
        .containsExactlyElementsOf(
            IntStream.range(100, 400).filter(i -> i % 3 == 0 && i % 10 == 3).boxed().toList());
  }

  @Test
  void theOriginalTimingIsKept() throws Exception {
    kafka.ask(
        ReplayFixture.all("timed")
            .setSpeed(2)
            .setUntil(Times.timestamp(START.plusMillis(2_000)))
            .build());

    Replay done = kafka.awaitCompleted("timed");
    List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>(kafka.read("t.replay.timed"));
    events.sort(Comparator.comparing(ReplayFixture::number));
    assertThat(events).hasSize(200);
    long begin = Times.instant(done.progress().getStartedAt()).toEpochMilli();
    for (int i = 0; i < 200; i++) {
      // Never too early; how late depends on who else uses the machine.
      assertThat(events.get(i).timestamp() - begin).isGreaterThanOrEqualTo(5L * i - 1);
    }
    assertThat(events.get(199).timestamp() - begin).isLessThan(5L * 199 + 10_000);
  }

  @Test
  void noEventIsVisibleBeforeItsTime() throws Exception {
    String topic = "t.replay.punctual";
    kafka.ask(
        ReplayFixture.all("punctual")
            .setSpeed(0.05)
            .setUntil(Times.timestamp(START.plusMillis(50)))
            .build());

    int seen = 0;
    await().until(() -> kafka.exists(topic));
    try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumerOf(topic)) {
      while (seen < 5) {
        ConsumerRecords<byte[], byte[]> events = consumer.poll(Duration.ofSeconds(1));
        long now = System.currentTimeMillis();
        // The two clocks that are compared may part by a little.
        assertThat(events).allMatch(event -> event.timestamp() <= now + 2);
        seen += events.count();
      }
    }
  }

  @Test
  void aPausedReplayStandsStillAndGoesOnAfterwards() throws Exception {
    kafka.ask(ReplayFixture.all("paused").setMaxRate(100).build());
    kafka.awaitReplay("paused", replay -> replay.progress().getEvents() > 20);
    kafka.wish("paused", ReplayAction.REPLAY_ACTION_PAUSE);

    Replay paused = kafka.awaitReplay("paused", r -> r.state() instanceof ReplayState.Paused);
    int written = kafka.read("t.replay.paused").size();
    assertThat(paused.progress().getEvents()).isEqualTo(written).isLessThan(EVENTS);
    await()
        .during(Duration.ofMillis(700))
        .atMost(Duration.ofSeconds(10))
        .until(() -> kafka.read("t.replay.paused").size() == written);

    kafka.wish("paused", ReplayAction.REPLAY_ACTION_RUN);
    kafka.awaitCompleted("paused");
    assertThat(ReplayFixture.byKey(kafka.read("t.replay.paused")))
        .isEqualTo(ReplayFixture.byKey(kafka.read("t.events")));
  }

  @Test
  void aCancelledReplayEndsAndKeepsWhatItHas() throws Exception {
    kafka.ask(ReplayFixture.all("cancelled").setMaxRate(50).build());
    kafka.awaitReplay("cancelled", replay -> replay.progress().getEvents() > 5);
    kafka.wish("cancelled", ReplayAction.REPLAY_ACTION_CANCEL);

    Replay cancelled =
        kafka.awaitReplay("cancelled", r -> r.state() instanceof ReplayState.Cancelled);
    assertThat((long) kafka.read("t.replay.cancelled").size())
        .isEqualTo(cancelled.progress().getEvents())
        .isBetween(6L, EVENTS - 1L);
  }

  @Test
  void aReplayWhoseOutputWasDeletedFailsAndSaysSo() throws Exception {
    kafka.ask(ReplayFixture.all("orphan").setMaxRate(50).build());
    kafka.awaitReplay("orphan", replay -> replay.progress().getEvents() > 5);
    kafka.wish("orphan", ReplayAction.REPLAY_ACTION_PAUSE);
    kafka.awaitReplay("orphan", replay -> replay.state() instanceof ReplayState.Paused);
    kafka.deleteTopic("t.replay.orphan");
    kafka.wish("orphan", ReplayAction.REPLAY_ACTION_RUN);

    Replay failed = kafka.awaitReplay("orphan", r -> r.state() instanceof ReplayState.Failed);
    assertThat(failed.progress().getFailure()).isEqualTo("its topic t.replay.orphan was deleted");
  }

  @Test
  void theOutputIsDeletedAfterItsTimeToLive() throws Exception {
    kafka.ask(
        ReplayFixture.all("brief").setTimeToLive(Times.duration(Duration.ofMillis(300))).build());

    kafka.awaitReplay("brief", replay -> replay.progress().getOutputDeleted());
    await().until(() -> !kafka.exists("t.replay.brief"));
    assertThat(Objects.requireNonNull(kafka.look("brief")).state())
        .isInstanceOf(ReplayState.Completed.class);
  }

  @Test
  void aDeletedReplayIsForgottenWithItsOutput() throws Exception {
    kafka.ask(ReplayFixture.all("deleted").build());
    kafka.awaitCompleted("deleted");
    kafka.wish("deleted", ReplayAction.REPLAY_ACTION_DELETE);

    await().atMost(Duration.ofSeconds(30)).until(() -> kafka.look("deleted") == null);
    await().until(() -> !kafka.exists("t.replay.deleted"));
  }

  @Test
  void whatTheLogNoLongerHasComesFromTheClassTopics() throws Exception {
    try (ReplayFixture old = ReplayFixture.start(directory.resolve("old"))) {
      old.makeTopic("t.replays", 1);
      old.makeTopic("t.events.standard", 2);
      old.makeTopic("t.events.archive", 1);
      for (int i = 0; i < 300; i++) {
        old.event("k" + i % 7, i, START.plusMillis(i / 3), "ANY", "game.any");
      }
      old.flush();
      List<ConsumerRecord<byte[], byte[]>> log = old.read("t.events");
      // The processor has copied all of it into class topics, and retention has cut the log.
      log.sort(Comparator.comparing(ReplayFixture::number));
      for (ConsumerRecord<byte[], byte[]> event : log) {
        int number = ReplayFixture.number(event);
        String key = "k" + number % 7;
        OriginalPosition position = OriginalPosition.of(event);
        if (number % 2 == 0) {
          old.eventOfClass("t.events.standard", key, number, position, "ANY");
        } else {
          // A replay writes it under its ordering key again.
          old.eventOfCompactedClass("t.events.archive", key, number, position, "ANY");
        }
      }
      old.flush();
      try (Admin admin = old.admin()) {
        admin
            .deleteRecords(
                Map.of(
                    new TopicPartition("t.events", 0), RecordsToDelete.beforeOffset(30),
                    new TopicPartition("t.events", 1), RecordsToDelete.beforeOffset(-1)))
            .all()
            .get();
      }
      try (ReplayPart own =
          new ReplayPart(
              old.kafkaSettings(),
              ProcessorConfiguration.load(null, Map.of()).replay(),
              new PrometheusRegistry())) {
        own.start();
        old.ask(ReplayFixture.all("seam").build());
        old.awaitCompleted("seam");
      }
      Map<String, List<Integer>> replayed = ReplayFixture.byKey(old.read("t.replay.seam"));
      assertThat(replayed).isEqualTo(ReplayFixture.byKey(log));
    }
  }
}
