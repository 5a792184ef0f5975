package io.jimbot.eventbus.gateway.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AskedActionsIT {

  private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
  private static final DataSize MUCH = DataSize.mebibytes(64);
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
        new LettersUnderTest(kafka.bootstrapServers(), "actions-" + PREFIXES.incrementAndGet());
  }

  @AfterEach
  void closeLetters() {
    letters.close();
  }

  private AskedActions actions(DataSize room) {
    return new AskedActions(letters.topics().deadLetterActions(), room);
  }

  /**
   * Each with what was done of it, two in one partition and three in the other; the latest first.
   */
  private List<String> ask(int count, String note) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = letters.ask(NOW.plusMillis(i), note);
      letters.goOn(id, 0, 1, false);
      letters.goOn(id, 0, 2, true);
      letters.goOn(id, 1, 3, true);
      ids.add(id);
    }
    Collections.reverse(ids);
    return ids;
  }

  private static List<String> ids(List<TrackedAction> actions) {
    return actions.stream().map(one -> one.action().getActionId()).toList();
  }

  @Test
  void moreThanAPageOfActionsAreAllReached() {
    List<String> asked = ask(2_500, "all");
    AskedActions actions = actions(MUCH);
    List<TrackedAction> read = new ArrayList<>();

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      ActionPage page = actions.page(consumer, 1_000, null);
      assertThat(page.actions()).hasSize(1_000);
      read.addAll(page.actions());
      while (page.cursor() != null) {
        page = actions.page(consumer, 1_000, page.cursor());
        read.addAll(page.actions());
      }
      assertThat(page.olderForgotten()).isFalse();
      assertThat(Objects.requireNonNull(actions.find(consumer, asked.get(2_499))).done())
          .isEqualTo(5);
    }

    assertThat(ids(read)).isEqualTo(asked);
    assertThat(read).allMatch(one -> one.done() == 5 && one.isFinished());
  }

  @Test
  void aPageOfLargeActionsIsShorterThanItsLimit() {
    List<String> asked = ask(10, "x".repeat(900_000));
    AskedActions actions = actions(MUCH);

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      ActionPage page = actions.page(consumer, 1_000, null);
      assertThat(ids(page.actions())).isEqualTo(asked.subList(0, 4));
      assertThat(page.cursor()).isEqualTo(asked.get(3));
    }
  }

  @Test
  void whereThereAreMoreThanHaveRoomTheEarliestGoWithAllThatIsToldOfThem() {
    List<String> asked = ask(50, "x".repeat(10_000));
    DataSize room = DataSize.kibibytes(200);
    AskedActions actions = actions(room);

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      ActionPage page = actions.page(consumer, 1_000, null);
      assertThat(ids(page.actions())).isEqualTo(asked.subList(0, page.actions().size()));
      assertThat(page.actions()).hasSizeBetween(15, 20).allMatch(one -> one.done() == 5);
      assertThat(page.cursor()).isNull();
      assertThat(page.olderForgotten()).isTrue();
      assertThat(actions.find(consumer, asked.get(49))).isNull();
      assertThat(actions.bytes()).isBetween(room.toBytes() / 2, room.toBytes());
    }

    letters.goOn(asked.get(49), 1, 4, true);
    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      long before = actions.bytes();
      assertThat(actions.find(consumer, asked.get(49))).isNull();
      assertThat(actions.bytes()).isEqualTo(before);
    }
  }

  @Test
  void whatIsReplacedTakesNoRoom() {
    String id = letters.ask(NOW, "slow");
    for (int done = 1; done <= 1_000; done++) {
      letters.goOn(id, 0, done, false);
    }
    AskedActions actions = actions(DataSize.kibibytes(1));

    try (Consumer<byte[], byte[]> consumer = letters.newConsumer()) {
      TrackedAction slow = Objects.requireNonNull(actions.find(consumer, id));
      assertThat(slow.done()).isEqualTo(1_000);
      assertThat(slow.isFinished()).isFalse();
    }
  }
}
