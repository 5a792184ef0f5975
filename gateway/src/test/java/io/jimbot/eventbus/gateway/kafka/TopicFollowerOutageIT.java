package io.jimbot.eventbus.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower whose Kafka is away, or who is told to stop when it cannot. */
class TopicFollowerOutageIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What closing may take, and as much again for a busy machine. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(6);

  @TempDir private Path directory;

  private final RecordingFold fold = new RecordingFold("none");

  private static TopicFollower follower(FollowedTopic topic, TopicFold fold) {
    return new TopicFollower(
        "follower", topic.name(), StartingPoint.beginning(), topic::newConsumer, fold);
  }

  private EmbeddedKafka startKafka(int port) {
    return EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory).withPort(port));
  }

  private static Duration timeToClose(TopicFollower follower) {
    long startNanos = System.nanoTime();
    follower.close();
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  @Test
  void itGoesOnAtTheSamePlaceWhenKafkaIsBack() throws Exception {
    EmbeddedKafka kafka = startKafka(0);
    FollowedTopic topic = new FollowedTopic(kafka.bootstrapServers(), "followed");
    topic.create(1);
    topic.write(0, "a");
    try (TopicFollower follower = follower(topic, fold)) {
      follower.start();
      await().atMost(PATIENCE).until(follower::isCaughtUp);
      int port = kafka.port();
      kafka.close();
      int ticks = fold.ticks();
      await().atMost(PATIENCE).until(() -> fold.failures() > 0 && fold.ticks() > ticks);

      kafka = startKafka(port);
      topic.write(0, "b");

      await().atMost(PATIENCE).until(() -> fold.values().contains("b"));
      assertThat(fold.values()).containsExactly("a", "b");
      assertThat(follower.isCaughtUp()).isTrue();
      assertThat(fold.placesLost()).isZero();
    } finally {
      kafka.close();
    }
  }

  @Test
  void itIsClosedInTimeWhileKafkaDoesNotAnswer() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      FollowedTopic topic = new FollowedTopic("127.0.0.1:" + mute.getLocalPort(), "followed");
      TopicFollower follower = follower(topic, fold);
      follower.start();
      await().atMost(PATIENCE).until(() -> fold.ticks() > 0);

      assertThat(timeToClose(follower)).isLessThan(CLOSE_PATIENCE);
      assertThat(timeToClose(follower)).isLessThan(CLOSE_PATIENCE);
    }
  }

  @Test
  void itIsClosedInTimeWhileTheFoldIsBlocked() throws Exception {
    try (EmbeddedKafka kafka = startKafka(0)) {
      FollowedTopic topic = new FollowedTopic(kafka.bootstrapServers(), "followed");
      topic.create(1);
      topic.write(0, "a");
      CountDownLatch blocked = new CountDownLatch(1);
      Semaphore release = new Semaphore(0);
      TopicFollower follower =
          follower(
              topic,
              record -> {
                blocked.countDown();
                release.acquireUninterruptibly();
              });
      follower.start();
      blocked.await();

      assertThat(timeToClose(follower)).isLessThan(CLOSE_PATIENCE);

      release.release();
      assertThat(timeToClose(follower)).isLessThan(CLOSE_PATIENCE);
    }
  }
}
