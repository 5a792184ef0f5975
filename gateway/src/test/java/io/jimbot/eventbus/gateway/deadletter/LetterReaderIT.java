package io.jimbot.eventbus.gateway.deadletter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.DeadLetterCount;
import io.jimbot.events.v1.DeadLetterSelector;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final DataSize ROOM = DataSize.mebibytes(1);
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
    return reader(PATIENCE);
  }

  private LetterReader reader(Duration patience) {
    return new LetterReader(letters.topics(), KEEP, patience, ROOM, () -> NOW);
  }

  /** One that has room for that many states. */
  private LetterReader readerOf(int states, InstantSource clock) {
    DataSize room = DataSize.bytes((long) states * StateTable.BYTES);
    return new LetterReader(letters.topics(), KEEP, PATIENCE, room, clock);
  }

  private List<String> write(int count, Instant failed) {
    return IntStream.range(0, count)
        .mapToObj(i -> letters.write(i % LettersUnderTest.PARTITIONS, failed.plusMillis(i)))
        .toList();
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

  @Test
  void readingEndsWhereTheLettersAreLaterThanWhatIsAskedFor() {
    Instant to = ago(Duration.ofDays(2));
    String early = letters.write(0, to.minusMillis(1));
    letters.write(0, to);
    write(2_000, ago(Duration.ofDays(1)));
    DeadLetterSelector selector = DeadLetterSelector.newBuilder().setTo(WireTime.of(to)).build();
    LetterReader reader = reader();

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      LetterPage page = reader.page(consumer, selector, 10, null);
      assertThat(ids(page)).containsExactly(early);
      assertThat(page.cursor()).isNull();
      assertThat(reader.count(consumer, selector).selected()).isOne();
      assertThat(reader.count(consumer, selector).partitions())
          .extracting(DeadLetterCount::getUntil)
          .containsExactly(2L, 0L);
    }
  }

  @Test
  void aLetterBehindOneOfALaterTimeIsFound() {
    Instant to = ago(Duration.ofDays(2));
    letters.write(0, to.plus(Duration.ofMinutes(70)));
    String late = letters.write(0, to.minusMillis(1));
    DeadLetterSelector selector = DeadLetterSelector.newBuilder().setTo(WireTime.of(to)).build();

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      assertThat(ids(reader().page(consumer, selector, 10, null))).containsExactly(late);
    }
  }

  @Test
  void aListWhoseTimeIsOverTellsWhatWasFoundAndWhereToGoOn() {
    List<String> written = write(3_000, ago(Duration.ofDays(1)));
    LetterReader reader = reader(Duration.ZERO);
    List<String> read = new ArrayList<>();

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      LetterPage page = reader.page(consumer, ALL, Integer.MAX_VALUE, null);
      assertThat(page.letters()).isNotEmpty().hasSizeLessThan(written.size());
      read.addAll(ids(page));
      while (page.cursor() != null) {
        page = reader.page(consumer, ALL, Integer.MAX_VALUE, LetterCursor.read(page.cursor()));
        read.addAll(ids(page));
      }
    }

    assertThat(read).containsExactlyInAnyOrderElementsOf(written);
  }

  @Test
  void pagesGoThroughOnePartitionAfterAnotherAndEachHasItsEarliestFirst() {
    Instant failed = ago(Duration.ofDays(1));
    String early = letters.write(1, failed);
    String second = letters.write(0, failed.plusMillis(2));
    String first = letters.write(0, failed.plusMillis(1));
    String late = letters.write(0, failed.plusMillis(3));
    LetterReader reader = reader();

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      LetterPage page = reader.page(consumer, ALL, 2, null);
      assertThat(ids(page)).containsExactly(first, second);
      long[] cursor = LetterCursor.read(requireNonNull(page.cursor()));
      assertThat(ids(reader.page(consumer, ALL, 2, cursor))).containsExactly(early, late);
    }
  }

  @Test
  void aCountThatIsNotFinishedInItsTimeIsRefused() {
    write(3_000, ago(Duration.ofDays(1)));

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      assertThatThrownBy(() -> reader(Duration.ZERO).count(consumer, ALL))
          .isInstanceOf(TooMuchToReadException.class)
          .hasMessageContaining("from and to");
      assertThat(reader().count(consumer, ALL).selected()).isEqualTo(3_000);
    }
  }

  @Test
  void aPageOfLargeLettersIsShorterThanItsLimit() {
    Instant failed = ago(Duration.ofDays(1));
    for (int i = 0; i < 40; i++) {
      letters.write(0, failed.plusMillis(i), 900_000);
    }

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      LetterPage page = reader().page(consumer, ALL, 1_000, null);
      assertThat(ids(page)).hasSize(19);
      assertThat(
              reader()
                  .page(consumer, ALL, 1_000, LetterCursor.read(requireNonNull(page.cursor())))
                  .letters())
          .hasSize(19);
    }
  }

  @Test
  void allThatIsToldOfALetterIsShownThoughOnlyItsStateIsKept() {
    List<String> ids = write(2_000, ago(Duration.ofDays(1)));
    letters.become(ids.get(1), DeadLetterState.DEAD_LETTER_STATE_SCHEDULED, "");
    ids.forEach(id -> letters.become(id, DeadLetterState.DEAD_LETTER_STATE_REDRIVEN, "by-" + id));
    letters.become(ids.get(3), null, "");
    DeadLetterSelector some =
        DeadLetterSelector.newBuilder()
            .addAllDeadLetterIds(List.of(ids.get(1), ids.get(2), ids.get(3), ids.get(1_999)))
            .build();

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      assertThat(reader().page(consumer, some, 10, null).letters())
          .extracting(FoundLetter::status)
          .extracting(DeadLetterStatus::getState, DeadLetterStatus::getBy)
          .containsExactly(
              tuple(DeadLetterState.DEAD_LETTER_STATE_REDRIVEN, "by-" + ids.get(1)),
              tuple(DeadLetterState.DEAD_LETTER_STATE_REDRIVEN, "by-" + ids.get(2)),
              tuple(DeadLetterState.DEAD_LETTER_STATE_PARKED, ""),
              tuple(DeadLetterState.DEAD_LETTER_STATE_REDRIVEN, "by-" + ids.get(1_999)));
      assertThat(requireNonNull(reader().find(consumer, ids.get(2))).status().getBy())
          .isEqualTo("by-" + ids.get(2));
      assertThat(reader().count(consumer, ALL).selected()).isOne();
    }
  }

  @Test
  void whereMoreHaveAStateThanThereIsRoomForThoseOfTheOldestAreNotToldAtAll() {
    List<String> old = write(80, ago(Duration.ofDays(13)));
    List<String> young = write(70, ago(Duration.ofDays(1)));
    old.forEach(id -> letters.become(id, DeadLetterState.DEAD_LETTER_STATE_DISCARDED, ""));
    young.forEach(id -> letters.become(id, DeadLetterState.DEAD_LETTER_STATE_DISCARDED, ""));
    DeadLetterSelector lately =
        DeadLetterSelector.newBuilder().setFrom(WireTime.of(ago(Duration.ofDays(2)))).build();
    InstantSource[] clock = {() -> NOW};
    LetterReader reader = readerOf(100, () -> clock[0].instant());

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      assertThatThrownBy(() -> reader.page(consumer, ALL, 1_000, null))
          .isInstanceOf(TooMuchToReadException.class)
          .hasMessageContaining("ask for those from 20");
      assertThatThrownBy(() -> reader.count(consumer, ALL))
          .isInstanceOf(TooMuchToReadException.class);
      assertThatThrownBy(() -> reader.find(consumer, old.get(0)))
          .isInstanceOf(TooMuchToReadException.class);
      assertThat(reader.count(consumer, lately).selected()).isZero();
      assertThat(ids(reader.page(consumer, lately, 1_000, null)))
          .containsExactlyInAnyOrderElementsOf(young);
      assertThat(requireNonNull(reader.find(consumer, young.get(0))).status().getState())
          .isEqualTo(DeadLetterState.DEAD_LETTER_STATE_DISCARDED);

      clock[0] = () -> NOW.plus(Duration.ofDays(13));
      assertThat(reader.page(consumer, ALL, 1_000, null).letters()).hasSize(70);
    }
  }

  @Test
  void theRoomOfLettersWhoseTimeIsOverIsFreeAlsoIfNobodySaysSo() {
    InstantSource[] clock = {() -> NOW};
    LetterReader reader = readerOf(100, () -> clock[0].instant());
    write(80, ago(Duration.ofDays(1)))
        .forEach(id -> letters.become(id, DeadLetterState.DEAD_LETTER_STATE_DISCARDED, ""));
    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      assertThat(reader.count(consumer, ALL).selected()).isZero();
    }

    clock[0] = () -> NOW.plus(KEEP);
    write(80, NOW)
        .forEach(id -> letters.become(id, DeadLetterState.DEAD_LETTER_STATE_DISCARDED, ""));
    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      assertThat(reader.count(consumer, ALL).selected()).isZero();
      assertThat(reader.page(consumer, ALL, 1_000, null).letters()).hasSize(80);
    }
  }
}
