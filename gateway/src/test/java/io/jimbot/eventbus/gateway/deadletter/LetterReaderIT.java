package io.jimbot.eventbus.gateway.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.DeadLetterSelector;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LetterReaderIT {

  private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
  private static final Duration KEEP = Duration.ofDays(14);
  private static final DeadLetterSelector ALL = DeadLetterSelector.getDefaultInstance();
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private LettersUnderTest letters;

  @BeforeAll
  static void startKafka() {
    kafka = TestKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @BeforeEach
  void makeTopics() throws Exception {
    letters =
        new LettersUnderTest(kafka.bootstrapServers(), "letters-" + PREFIXES.incrementAndGet());
  }

  @AfterEach
  void closeLetters() {
    letters.close();
  }

  private LetterReader reader() {
    return new LetterReader(letters.topics(), KEEP, InstantSource.fixed(NOW));
  }

  private static Instant ago(Duration time) {
    return NOW.minus(time);
  }

  private static List<String> ids(LetterPage page) {
    return page.letters().stream().map(found -> found.letter().getDeadLetterId()).toList();
  }

  @Test
  void whatTheProcessorHasForgottenIsNeitherListedNorCountedNorFound() {
    String forgotten = letters.write(0, ago(KEEP.plusMillis(1)));
    String kept = letters.write(0, ago(KEEP));
    LetterReader reader = reader();

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      assertThat(ids(reader.page(consumer, ALL, 10, null))).containsExactly(kept);
      assertThat(reader.count(consumer, ALL).selected()).isOne();
      assertThat(reader.find(consumer, forgotten)).isNull();
      assertThat(reader.find(consumer, kept)).isNotNull();
    }
  }
}
