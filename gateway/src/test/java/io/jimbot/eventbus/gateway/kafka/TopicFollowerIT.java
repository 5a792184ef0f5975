package io.jimbot.eventbus.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.testing.kafka.TestKafka;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicFollowerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicInteger TOPICS = new AtomicInteger();

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private final FollowedTopic topic = newTopic();
  private final FollowedTopic other = newTopic();
  private final RecordingFold fold = new RecordingFold(other.name());
  private TopicFollower follower = follower(StartingPoint.beginning());

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = TestKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @AfterEach
  void closeFollower() {
    follower.close();
  }

  private static FollowedTopic newTopic() {
    return new FollowedTopic(kafka.bootstrapServers(), "followed-" + TOPICS.incrementAndGet());
  }

  private TopicFollower follower(StartingPoint start) {
    return new TopicFollower("follower", topic.name(), start, topic::newConsumer, fold);
  }

  private void awaitValues(String... values) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(fold.values()).containsExactlyInAnyOrder(values));
  }

  private void awaitCaughtUp() {
    await().atMost(PATIENCE).until(follower::isCaughtUp);
  }

  @Test
  void aTopicIsReadFromItsBeginningAndOn() throws Exception {
    topic.create(2);
    topic.write(0, "a", "b");
    topic.write(1, "c");
    follower.start();
    awaitCaughtUp();
    assertThat(fold.values())
        .containsExactlyInAnyOrder("a", "b", "c")
        .containsSubsequence("a", "b");
    assertThat(follower.partitions()).isEqualTo(2);

    topic.write(1, "d");

    awaitValues("a", "b", "c", "d");
    await().atMost(PATIENCE).until(() -> follower.lag() == 0);
    assertThat(fold.failures()).isZero();
  }

  @Test
  void aTopicThatIsMadeLaterIsFound() throws Exception {
    other.create(3);
    follower.start();
    await().atMost(PATIENCE).until(() -> fold.otherPartitions() == 3);
    int ticks = fold.ticks();
    await().atMost(PATIENCE).until(() -> fold.ticks() > ticks);
    assertThat(follower.isCaughtUp()).isFalse();
    assertThat(follower.partitions()).isZero();

    topic.create(1);
    topic.write(0, "a");

    awaitValues("a");
    awaitCaughtUp();
    assertThat(fold.failures()).isZero();
    assertThat(fold.placesLost()).isZero();
  }

  @Test
  void recordsThatAreTooOldAreNotOfInterest() throws Exception {
    topic.create(2);
    topic.write(0, Instant.now().minusSeconds(3_600), "old", "older");
    topic.write(1, Instant.now().minusSeconds(3_600), "oldest");
    topic.write(0, "new");
    follower = follower(StartingPoint.recent(Duration.ofMinutes(1), Clock.systemUTC()));

    follower.start();
    awaitCaughtUp();
    topic.write(1, "newer");

    awaitValues("new", "newer");
  }

  @Test
  void theMarkOfATransactionAtTheEndIsPassed() throws Exception {
    topic.create(1);
    topic.writeInTransaction("a");

    follower.start();

    awaitCaughtUp();
    assertThat(fold.values()).containsExactly("a");
  }

  @Test
  void partitionsThatAreAddedAreRead() throws Exception {
    topic.create(1);
    topic.write(0, "a");
    follower.start();
    awaitCaughtUp();

    topic.growTo(2);
    topic.write(1, "b");

    awaitValues("a", "b");
    assertThat(follower.partitions()).isEqualTo(2);
    assertThat(fold.placesLost()).isZero();
  }

  @Test
  void aRecordThatCannotBeTakenInCostsTheOthersNothing() throws Exception {
    topic.create(1);
    topic.write(0, "a", RecordingFold.POISON, "b");

    follower.start();

    awaitValues("a", "b");
    awaitCaughtUp();
    topic.write(0, "c");
    awaitValues("a", "b", "c");
    assertThat(fold.failures()).isEqualTo(1);
    assertThat(fold.placesLost()).isZero();
  }

  @Test
  void aTopicThatIsMadeAnewIsReadFromItsBeginning() throws Exception {
    topic.create(1);
    topic.write(0, "a", "b");
    follower.start();
    awaitCaughtUp();

    topic.delete();
    await().atMost(PATIENCE).until(() -> fold.placesLost() == 1);
    assertThat(follower.isCaughtUp()).isFalse();
    topic.create(1);
    topic.write(0, "c", "d", "e");

    awaitValues("a", "b", "c", "d", "e");
    awaitCaughtUp();
    assertThat(fold.placesLost()).isEqualTo(1);
  }

  @Test
  void aPlaceIsGoodWhileItIsReadAndGivenUpWhenNothingWasReadForTooLong() throws Exception {
    topic.create(1);
    topic.write(0, "a", "b");
    AtomicReference<Duration> slept = new AtomicReference<>(Duration.ZERO);
    InstantSource time = () -> Instant.now().plus(slept.get());
    follower =
        new TopicFollower(
            "follower",
            topic.name(),
            StartingPoint.beginning(),
            topic::newConsumer,
            fold,
            Duration.ofHours(1),
            time.withZone(ZoneOffset.UTC));
    follower.start();
    awaitCaughtUp();
    for (int minutes : new int[] {50, 100}) {
      slept.set(Duration.ofMinutes(minutes));
      int ticks = fold.ticks();
      await().atMost(PATIENCE).until(() -> fold.ticks() > ticks + 2);
    }
    assertThat(fold.placesLost()).isZero();

    slept.set(Duration.ofMinutes(200));

    awaitValues("a", "b", "a", "b");
    awaitCaughtUp();
    assertThat(fold.placesLost()).isEqualTo(1);
  }

  @Test
  void aRowOfFailuresIsLoggedOnceAndSoIsItsEnd() throws Exception {
    topic.create(1);
    AtomicBoolean away = new AtomicBoolean(true);
    follower =
        new TopicFollower(
            "follower",
            topic.name(),
            StartingPoint.beginning(),
            () -> {
              if (away.get()) {
                throw new KafkaException("away");
              }
              return topic.newConsumer();
            },
            fold);
    try (LoggedLines log = LoggedLines.of(TopicFollower.class)) {
      follower.start();
      await().atMost(PATIENCE).until(() -> fold.failures() > 2);
      assertThat(log.with(topic.name())).hasSize(1);

      away.set(false);

      awaitCaughtUp();
      int ticks = fold.ticks();
      await().atMost(PATIENCE).until(() -> fold.ticks() > ticks + 1);
      assertThat(log.with(topic.name()))
          .containsExactly(
              "WARN not readable, goes on when it is topic="
                  + topic.name()
                  + " error=org.apache.kafka.common.KafkaException: away",
              "INFO readable again topic=" + topic.name() + " partitions=1");
    }
  }
}
