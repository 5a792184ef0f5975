package io.jimbot.eventbus.gateway.delivery.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.gateway.delivery.LogUnderTest;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repeats in queues, told by the log on a broker. */
class RepeatsByQueueIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Nothing listens there. */
  private static final String NO_KAFKA = "127.0.0.1:1";

  @TempDir private static Path directory;
  private static TestKafka kafka;

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = TestKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  /** Eleven events, of which the last repeats the first, and so many others behind them. */
  private static LogUnderTest log(String topic, int others) throws Exception {
    LogUnderTest log = new LogUnderTest(kafka.bootstrapServers(), topic, 1);
    log.appendMany(0, 10);
    log.appendMany(0, 1);
    log.appendMany(10, others);
    return log;
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(LogUnderTest log, int from, int to) {
    List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = log.tailConsumer("test")) {
      TopicPartition only = new TopicPartition(log.topic(), 0);
      consumer.assign(List.of(only));
      consumer.seek(only, from);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(events::add);
                return events.size() >= to - from;
              });
    }
    return events.subList(0, to - from);
  }

  private static List<Long> offsets(Iterable<ConsumerRecord<byte[], byte[]>> events) {
    List<Long> offsets = new ArrayList<>();
    events.forEach(event -> offsets.add(event.offset()));
    return offsets;
  }

  @Test
  void aQueueThatIsFarBehindAnotherIsToldOfItsOwnRepeats() throws Exception {
    try (LogUnderTest log = log("behind", 2_000)) {
      // More than a consumer reads at a time, and less than lies between the two.
      RepeatsByQueue repeats = new RepeatsByQueue(() -> log.tailConsumer("repeats"), 700);
      try (Repeats ahead = repeats.join("ahead");
          Repeats behind = repeats.join("behind")) {
        assertThat(ahead.among(read(log, 2_000, 2_011))).isEmpty();

        assertThat(offsets(behind.among(read(log, 0, 11)))).containsExactly(10L);
      }
    }
  }

  @Test
  void whatComesAgainAfterTheOriginalHasExpiredIsNoRepeat() throws Exception {
    try (LogUnderTest log = new LogUnderTest(kafka.bootstrapServers(), "expired", 1)) {
      log.appendExpired("game.state.update", "game", "event").get();
      log.append("game.state.update", "game", "event").get();
      log.append("game.state.update", "game", "event").get();
      RepeatsByQueue repeats = new RepeatsByQueue(() -> log.tailConsumer("repeats"), 20);
      try (Repeats worker = repeats.join("one")) {
        assertThat(offsets(worker.among(read(log, 0, 3)))).containsExactly(2L);
      }
    }
  }

  @Test
  void theWorkersOfAQueueShareOneReaderAndTheLastOneEndsIt() throws Exception {
    AtomicInteger made = new AtomicInteger();
    try (LogUnderTest log = log("shared", 0)) {
      RepeatsByQueue repeats =
          new RepeatsByQueue(
              () -> {
                made.incrementAndGet();
                return log.tailConsumer("repeats");
              },
              20);
      Repeats first = repeats.join("one");
      try (Repeats second = repeats.join("one")) {
        assertThat(first.among(read(log, 0, 5))).isEmpty();
        first.close();
        // Told by a worker that knows nothing of the original.
        assertThat(offsets(second.among(read(log, 10, 11)))).containsExactly(10L);
        assertThat(made).hasValue(1);
      }

      try (Repeats anew = repeats.join("one")) {
        assertThat(offsets(anew.among(read(log, 0, 11)))).containsExactly(10L);
        assertThat(made).hasValue(2);
      }
    }
  }

  @Test
  void aReadingThatKafkaKeepsWaitingEndsWhenItIsStopped() throws Exception {
    try (LogUnderTest log = log("stopped", 0)) {
      List<ConsumerRecord<byte[], byte[]>> events = read(log, 0, 11);
      AtomicReference<Thread> reader = new AtomicReference<>();
      RepeatsByQueue repeats =
          new RepeatsByQueue(
              () -> {
                reader.set(Thread.currentThread());
                return consumerOfNoKafka();
              },
              20);
      Repeats worker = repeats.join("one");
      Repeats waiting = repeats.join("one");
      CompletableFuture<?> told = CompletableFuture.supplyAsync(() -> worker.among(events));
      await().atMost(PATIENCE).until(() -> isAsking(reader.get()));
      CompletableFuture<?> toldLater = CompletableFuture.supplyAsync(() -> waiting.among(events));

      repeats.stop();

      // Far less than what the consumer and the readers are ready to wait.
      await().atMost(Duration.ofSeconds(8)).until(() -> told.isDone() && toldLater.isDone());
      assertStopped(told);
      assertStopped(toldLater);
      worker.close();
      waiting.close();
    }
  }

  private static boolean isAsking(@Nullable Thread reader) {
    return reader != null
        && Arrays.stream(reader.getStackTrace())
            .anyMatch(frame -> frame.getMethodName().equals("beginningOffsets"));
  }

  private static void assertStopped(CompletableFuture<?> told) {
    assertThat(told.handle((result, failure) -> failure).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(WakeupException.class);
  }

  private static Consumer<byte[], byte[]> consumerOfNoKafka() {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", NO_KAFKA, "default.api.timeout.ms", 60_000);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
