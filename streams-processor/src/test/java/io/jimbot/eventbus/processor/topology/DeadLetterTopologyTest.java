package io.jimbot.eventbus.processor.topology;

import static io.jimbot.eventbus.processor.topology.DeadLettersUnderTest.discard;
import static io.jimbot.eventbus.processor.topology.DeadLettersUnderTest.header;
import static io.jimbot.eventbus.processor.topology.DeadLettersUnderTest.redrive;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.events.v1.DeadLetterActionProgress;
import io.jimbot.events.v1.DeadLetterSelector;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterTarget;
import io.jimbot.events.v1.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterTopologyTest {

  private static final DeadLetterState PARKED = DeadLetterState.DEAD_LETTER_STATE_PARKED;
  private static final DeadLetterState SCHEDULED = DeadLetterState.DEAD_LETTER_STATE_SCHEDULED;
  private static final DeadLetterState REDRIVEN = DeadLetterState.DEAD_LETTER_STATE_REDRIVEN;
  private static final DeadLetterState DISCARDED = DeadLetterState.DEAD_LETTER_STATE_DISCARDED;
  private static final Duration TICK = Duration.ofMillis(100);

  @TempDir private Path directory;
  private DeadLettersUnderTest bus;

  @BeforeEach
  void start() {
    bus = new DeadLettersUnderTest(directory);
  }

  @AfterEach
  void stop() {
    bus.close();
  }

  private static DeadLetterSelector.Builder all() {
    return DeadLetterSelector.newBuilder();
  }

  @Test
  void whatMayPassComesAgainForTheGroupThatFailedAndOnlyOnce() throws Exception {
    String id = bus.undelivered("attempts_exhausted", "trainer", 7, 0);

    assertThat(bus.state(id)).isEqualTo(SCHEDULED);
    bus.pass(Duration.ofSeconds(47));
    assertThat(bus.events()).isEmpty();
    bus.pass(Duration.ofSeconds(14));
    List<TestRecord<byte[], byte[]>> events = bus.events();
    assertThat(events).hasSize(1);
    TestRecord<byte[], byte[]> event = events.get(0);
    assertThat(new String(event.key(), UTF_8)).isEqualTo("game-1");
    assertThat(Event.parseFrom(event.value()).getSequenceNumber()).isEqualTo(7);
    assertThat(header(event, HeaderNames.FOR_GROUP)).isEqualTo("trainer");
    assertThat(header(event, HeaderNames.REDRIVE_OF)).isEqualTo(id);
    assertThat(header(event, HeaderNames.REDRIVE_COUNT)).isEqualTo("1");
    assertThat(header(event, HeaderNames.EVENT_ID)).isEqualTo("e-7");
    assertThat(header(event, HeaderNames.ORIGINAL_POSITION)).startsWith("t.events/");
    assertThat(bus.state(id)).isEqualTo(REDRIVEN);
    bus.pass(Duration.ofDays(1));
    assertThat(bus.events()).isEmpty();
  }

  @Test
  void thePausesGrowAndAfterTheLimitItIsParked() throws Exception {
    String second = bus.undelivered("attempts_exhausted", "trainer", 1, 1);
    String third = bus.undelivered("attempts_exhausted", "trainer", 2, 2);
    String last = bus.undelivered("attempts_exhausted", "trainer", 3, 3);

    assertThat(due(second)).isBetween(Duration.ofSeconds(96), Duration.ofSeconds(120));
    assertThat(due(third)).isBetween(Duration.ofSeconds(192), Duration.ofSeconds(240));
    assertThat(bus.state(last)).isEqualTo(PARKED);
    bus.pass(Duration.ofDays(1));
    assertThat(bus.numbers()).containsExactly(1L, 2L);
  }

  /** Those of one outage would otherwise all come again in one instant. */
  @Test
  void thePausesOfLettersThatCameTogetherDiffer() throws Exception {
    Set<Duration> pauses = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      pauses.add(due(bus.undelivered("attempts_exhausted", "trainer", 10 + i, 1)));
    }

    assertThat(pauses).hasSizeGreaterThan(10);
  }

  private Duration due(String id) throws Exception {
    return Duration.between(
        DeadLettersUnderTest.START, WireTime.instant(bus.status(id).getDueAt()));
  }

  @Test
  void whatWouldFailAgainOrWasRefusedOnPurposeIsParkedAtOnce() throws Exception {
    List<String> ids =
        List.of(
            bus.undelivered("parked", "trainer", 1, 0),
            bus.refused("{\"type\":", "mod", "truncated"),
            bus.refused("{\"type\":1}", "mod", "invalid"));

    bus.pass(Duration.ofDays(1));
    assertThat(bus.events()).isEmpty();
    for (String id : ids) {
      assertThat(bus.state(id)).isEqualTo(PARKED);
    }
  }

  @Test
  void theSamePieceOfTheSameProducerIsARepeatWithinTheWindow() throws Exception {
    String first = bus.refused("{broken", "mod", "unreadable");
    String again = bus.refused("{broken", "mod", "unreadable");
    String other = bus.refused("{broken", "other", "unreadable");
    String differs = bus.refused("{broken!", "mod", "unreadable");
    bus.pass(Duration.ofMinutes(11));
    String late = bus.refused("{broken", "mod", "unreadable");

    assertThat(bus.state(again)).isEqualTo(DeadLetterState.DEAD_LETTER_STATE_REPEATED);
    assertThat(bus.status(again).getRepeats()).isEqualTo(first);
    assertThat(List.of(bus.state(first), bus.state(other), bus.state(differs), bus.state(late)))
        .containsOnly(PARKED);
  }

  @Test
  void anActionRedrivesWhatItSelectsAndLeavesTheRest() throws Exception {
    String mine = bus.undelivered("parked", "trainer", 1, 0);
    String other = bus.undelivered("parked", "graph", 2, 0);
    String action = bus.act(redrive(all().addGroups("trainer")));
    bus.pass(TICK);

    assertThat(bus.numbers()).containsExactly(1L);
    assertThat(bus.state(mine)).isEqualTo(REDRIVEN);
    assertThat(bus.status(mine).getActionId()).isEqualTo(action);
    assertThat(bus.status(mine).getBy()).isEqualTo("alice");
    assertThat(bus.state(other)).isEqualTo(PARKED);
    assertThat(bus.progress().getDone()).isEqualTo(1);
    assertThat(bus.progress().getFinished()).isTrue();
  }

  @Test
  void whatWasRedrivenIsNotRedrivenAgainUnlessAskedFor() throws Exception {
    bus.undelivered("parked", "trainer", 1, 0);
    bus.act(redrive(all()));
    bus.pass(TICK);
    bus.act(redrive(all()));
    bus.pass(TICK);
    assertThat(bus.numbers()).containsExactly(1L);

    bus.act(redrive(all().addStates(REDRIVEN)));
    bus.pass(TICK);
    assertThat(bus.numbers()).containsExactly(1L);
  }

  @Test
  void anActionConcernsOnlyWhatWasThereWhenItWasAskedForAndWaitsForAllOfThat() throws Exception {
    bus.undelivered("parked", "trainer", 1, 0);
    bus.act(redrive(all()), 2);
    bus.pass(TICK);
    assertThat(bus.events()).isEmpty();

    bus.undelivered("parked", "trainer", 2, 0);
    bus.undelivered("parked", "trainer", 3, 0);
    bus.pass(TICK);
    assertThat(bus.numbers()).containsExactlyInAnyOrder(1L, 2L);
    assertThat(bus.progress().getFinished()).isTrue();
  }

  @Test
  void theRateIsKept() throws Exception {
    IntStream.range(0, 100).forEach(i -> bus.undelivered("parked", "trainer", i, 0));
    bus.act(redrive(all()).setRate(20));
    bus.pass(TICK);
    bus.pass(Duration.ofSeconds(1));
    assertThat(bus.numbers().size()).isBetween(15, 24);
    assertThat(bus.progress().getFinished()).isFalse();

    for (int i = 0; i < 60; i++) {
      bus.pass(TICK);
    }
    assertThat(bus.progress().getDone()).isEqualTo(100);
    assertThat(bus.progress().getFinished()).isTrue();
  }

  @Test
  void manyAreRedrivenEachOnce() throws Exception {
    IntStream.range(0, 2_000).forEach(i -> bus.undelivered("parked", "trainer", i, 0));
    bus.act(redrive(all()));
    for (int i = 0; i < 40; i++) {
      bus.pass(TICK);
    }

    assertThat(bus.numbers())
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 2_000).boxed().toList());
  }

  @Test
  void anOperatorIsFasterThanTheRetryAndNeitherDoublesIt() throws Exception {
    String redriven = bus.undelivered("attempts_exhausted", "trainer", 1, 0);
    String discarded = bus.undelivered("attempts_exhausted", "graph", 2, 0);
    bus.act(redrive(all().addGroups("trainer")));
    bus.act(discard(all().addGroups("graph")));
    bus.pass(TICK);
    bus.pass(Duration.ofDays(1));

    assertThat(bus.numbers()).containsExactly(1L);
    assertThat(bus.state(redriven)).isEqualTo(REDRIVEN);
    assertThat(bus.state(discarded)).isEqualTo(DISCARDED);
  }

  @Test
  void toTheLogItComesToEverybody() throws Exception {
    bus.undelivered("parked", "trainer", 1, 0);
    bus.act(redrive(all()).setTarget(DeadLetterTarget.DEAD_LETTER_TARGET_LOG));
    bus.pass(TICK);

    List<TestRecord<byte[], byte[]>> events = bus.events();
    assertThat(events).hasSize(1);
    assertThat(header(events.get(0), HeaderNames.FOR_GROUP)).isEmpty();
    assertThat(header(events.get(0), HeaderNames.ORIGINAL_POSITION)).isEmpty();
    assertThat(header(events.get(0), HeaderNames.REDRIVE_FROM)).isEqualTo("trainer");
  }

  @Test
  void anEventWhoseTimeHasNotComeWaitsForIt() throws Exception {
    Instant due = DeadLettersUnderTest.START.plusSeconds(60);
    bus.delayed(1, due);
    bus.act(redrive(all()).setTarget(DeadLetterTarget.DEAD_LETTER_TARGET_LOG));
    bus.pass(TICK);

    assertThat(bus.events()).isEmpty();
    assertThat(bus.waiting())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(Event.parseFrom(event.value()).getSequenceNumber()).isEqualTo(1);
              assertThat(new String(event.key(), UTF_8)).isEqualTo("game-1");
              assertThat(header(event, HeaderNames.DELIVER_AT))
                  .isEqualTo(Long.toString(due.toEpochMilli()));
            });
  }

  @Test
  void anEventWhoseTimeHasComeIsPutIntoTheLogAtOnce() throws Exception {
    bus.delayed(1, DeadLettersUnderTest.START);
    bus.act(redrive(all()).setTarget(DeadLetterTarget.DEAD_LETTER_TARGET_LOG));
    bus.pass(TICK);

    assertThat(bus.numbers()).containsExactly(1L);
    assertThat(bus.waiting()).isEmpty();
  }

  @Test
  void anEventThatFailedWhereItWasToWaitComesAgainByItselfForAll() throws Exception {
    Instant due = DeadLettersUnderTest.START.plusSeconds(600);
    String id = bus.delayed(1, due, "processing_failed");
    assertThat(bus.state(id)).isEqualTo(SCHEDULED);

    bus.pass(Duration.ofSeconds(61));
    assertThat(bus.events()).isEmpty();
    List<TestRecord<byte[], byte[]>> waiting = bus.waiting();
    assertThat(waiting).hasSize(1);
    assertThat(header(waiting.get(0), HeaderNames.FOR_GROUP)).isEmpty();
    assertThat(header(waiting.get(0), HeaderNames.DELIVER_AT))
        .isEqualTo(Long.toString(due.toEpochMilli()));
    assertThat(bus.state(id)).isEqualTo(REDRIVEN);
  }

  @Test
  void andGoesIntoTheLogForAllIfItsTimeHasComeMeanwhile() throws Exception {
    bus.delayed(1, DeadLettersUnderTest.START.plusSeconds(5), "processing_failed");
    bus.pass(Duration.ofSeconds(61));

    List<TestRecord<byte[], byte[]>> events = bus.events();
    assertThat(events).hasSize(1);
    assertThat(header(events.get(0), HeaderNames.FOR_GROUP)).isEmpty();
    assertThat(header(events.get(0), HeaderNames.ORIGINAL_POSITION)).isEmpty();
    assertThat(bus.waiting()).isEmpty();
  }

  @Test
  void toTheGroupThatWasToLetItWaitItDoesNotGo() throws Exception {
    bus.delayed(1, DeadLettersUnderTest.START);
    bus.act(redrive(all()).setTarget(DeadLetterTarget.DEAD_LETTER_TARGET_GROUP));
    bus.pass(TICK);

    assertThat(bus.events()).isEmpty();
    assertThat(bus.progress().getRefusedMap()).isEqualTo(Map.of("not_from_log", 1L));
  }

  @Test
  void anActionMayConcernATypeOnly() throws Exception {
    bus.undelivered(1, HeaderNames.EVENT_TYPE, "MONEY_CHANGED");
    bus.undelivered(2, HeaderNames.EVENT_TYPE, "HAND_PLAYED");
    bus.undelivered(3, HeaderNames.EVENT_TYPE, "ROUND_COMPLETE");
    bus.act(redrive(all().addEventTypes("MONEY_CHANGED").addEventTypes("ROUND_COMPLETE")));
    bus.pass(TICK);

    assertThat(bus.numbers()).containsExactly(1L, 3L);
  }

  @Test
  void anActionMayConcernASourceOnlyBeItTheEventsOrWhoSentIt() throws Exception {
    bus.undelivered(1, HeaderNames.SOURCE, "mod");
    bus.undelivered(2, HeaderNames.SOURCE, "other");
    bus.refused("{\"type\":\"STEP\",\"sequence_number\":3}", "mod", "too_deep");
    bus.act(redrive(all().addSources("mod")));
    bus.pass(TICK);

    assertThat(bus.numbers()).containsExactly(1L, 3L);
  }

  @Test
  void anActionMayConcernATimeOnlyWithItsBeginAndWithoutItsEnd() throws Exception {
    for (int i = 0; i < 4; i++) {
      bus.undelivered("parked", "trainer", i, 0);
      bus.pass(Duration.ofSeconds(10));
    }
    bus.act(
        redrive(
            all()
                .setFrom(WireTime.of(DeadLettersUnderTest.START.plusSeconds(10)))
                .setTo(WireTime.of(DeadLettersUnderTest.START.plusSeconds(30)))));
    bus.pass(TICK);

    assertThat(bus.numbers()).containsExactly(1L, 2L);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE})
  void aForeignLetterOfAnImpossibleTimeHoldsUpNoAction(long seconds) throws Exception {
    bus.foreign(1, Timestamp.newBuilder().setSeconds(seconds).setNanos(-7).build());
    bus.undelivered("parked", "trainer", 2, 0);
    bus.act(
        redrive(
            all()
                .setFrom(WireTime.of(DeadLettersUnderTest.START.minusSeconds(1)))
                .setTo(WireTime.of(DeadLettersUnderTest.START.plusSeconds(1)))));
    bus.pass(TICK);
    assertThat(bus.numbers()).contains(2L);
    assertThat(bus.progress().getFinished()).isTrue();

    bus.act(redrive(all().addStates(SCHEDULED).addStates(REDRIVEN).addStates(PARKED)));
    bus.pass(TICK);
    assertThat(bus.numbers()).contains(1L);
    assertThat(bus.progress().getFinished()).isTrue();
  }

  @Test
  void anEventThatCameAgainTooOftenIsNotSentAgain() throws Exception {
    String id = bus.undelivered("attempts_exhausted", "trainer", 1, 6);
    bus.act(redrive(all()));
    bus.pass(TICK);

    assertThat(bus.events()).isEmpty();
    assertThat(bus.state(id)).isEqualTo(PARKED);
    assertThat(bus.status(id).getRefusal()).contains("6 times");
    assertThat(bus.progress().getRefusedMap()).isEqualTo(Map.of("redrive_limit", 1L));
  }

  @Test
  void bytesThatAreNoEventAreNotRedrivenButCanBeDiscarded() throws Exception {
    String id = bus.refused("{\"type\":", "mod", "truncated");
    bus.act(redrive(all()));
    bus.pass(TICK);
    DeadLetterActionProgress progress = bus.progress();
    assertThat(progress.getRefusedMap()).isEqualTo(Map.of("unreadable", 1L));
    assertThat(progress.getFirstRefusal()).startsWith(id).contains("no acceptable event");
    assertThat(bus.state(id)).isEqualTo(PARKED);

    bus.act(discard(all().addDeadLetterIds(id)));
    bus.pass(TICK);
    assertThat(bus.events()).isEmpty();
    assertThat(bus.state(id)).isEqualTo(DISCARDED);
  }

  @Test
  void jsonThatIsAcceptableNowBecomesAnEventLikeAnyOther() throws Exception {
    bus.refused(
        "{\"type\":\"MONEY_CHANGED\",\"event_id\":\"e\",\"game_id\":\"g\"}", "mod", "too_deep");
    bus.act(redrive(all()));
    bus.pass(TICK);

    List<TestRecord<byte[], byte[]>> events = bus.events();
    assertThat(events).hasSize(1);
    assertThat(new String(events.get(0).key(), UTF_8)).isEqualTo("g");
    assertThat(header(events.get(0), HeaderNames.TOPIC)).isEqualTo("game.money.changed");
    assertThat(Event.parseFrom(events.get(0).value()).getEventId()).isEqualTo("e");
  }

  @Test
  void anEventWithoutAnIdGetsTheSameOneEachTime() throws Exception {
    String id = bus.refused("{\"type\":\"MONEY_CHANGED\"}", "mod", "too_deep");
    bus.act(redrive(all()));
    bus.pass(TICK);
    bus.act(redrive(all().addStates(REDRIVEN)));
    bus.pass(TICK);

    assertThat(bus.events())
        .hasSize(2)
        .extracting(event -> header(event, HeaderNames.EVENT_ID))
        .containsOnly(id);
  }

  @Test
  void poisonAmongTheDeadLettersBecomesADeadLetterAndTheRestGoesOn() throws Exception {
    bus.poison(new byte[] {(byte) 0xff, 1, 2});
    String id = bus.undelivered("attempts_exhausted", "trainer", 1, 0);

    assertThat(bus.made())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getReason()).isEqualTo("unreadable");
              assertThat(letter.getOriginal().toByteArray())
                  .isEqualTo(new byte[] {(byte) 0xff, 1, 2});
            });
    assertThat(bus.state(id)).isEqualTo(SCHEDULED);
  }

  @Test
  void whatItsTopicHasDeletedIsForgotten() throws Exception {
    String id = bus.undelivered("attempts_exhausted", "trainer", 1, 0);
    bus.pass(Duration.ofMinutes(2));
    assertThat(bus.state(id)).isEqualTo(REDRIVEN);
    bus.pass(Duration.ofDays(15));

    assertThat(bus.status(id).getDeadLetterId()).isEmpty();
    bus.act(redrive(all().addStates(REDRIVEN)));
    bus.pass(TICK);
    assertThat(bus.numbers()).containsExactly(1L);
  }

  @Test
  void whatIsForgottenIsCountedByWhatHadBecomeOfIt() throws Exception {
    bus.undelivered("attempts_exhausted", "trainer", 1, 0);
    bus.undelivered("parked", "trainer", 2, 0);
    bus.undelivered("parked", "trainer", 3, 0);
    bus.pass(Duration.ofMinutes(2));
    assertThat(bus.metric("forgotten")).isEqualTo(Map.of("parked", 0.0));
    bus.pass(Duration.ofDays(15));

    assertThat(bus.metric("forgotten")).isEqualTo(Map.of("redriven", 1.0, "parked", 2.0));
  }

  @Test
  void whatIsToComeAgainIsShownUntilItDoesOrAnOperatorWasFaster() throws Exception {
    bus.undelivered("attempts_exhausted", "trainer", 1, 0);
    bus.undelivered("attempts_exhausted", "graph", 2, 0);
    bus.undelivered("attempts_exhausted", "board", 3, 1);
    bus.undelivered("parked", "trainer", 4, 0);
    bus.pass(TICK);
    assertThat(bus.metric("scheduled")).containsValue(3.0);

    bus.act(redrive(all().addGroups("trainer")));
    bus.pass(TICK);
    assertThat(bus.metric("scheduled")).containsValue(2.0);
    bus.pass(Duration.ofSeconds(61));
    assertThat(bus.metric("scheduled")).containsValue(1.0);
  }

  @Test
  void whatAnotherProcessorLooksAfterNowIsNotShown() {
    DeadLettersUnderTest leaving = new DeadLettersUnderTest(directory.resolve("leaving"));
    try (leaving) {
      leaving.undelivered("attempts_exhausted", "trainer", 1, 0);
      leaving.pass(TICK);
      assertThat(leaving.metric("scheduled")).containsValue(1.0);
    }

    leaving.passUnseen(Duration.ofDays(1));
    assertThat(leaving.metric("scheduled")).containsValue(0.0);
    assertThat(leaving.metric("overdue_seconds")).containsValue(0.0);
  }

  @Test
  void aRefusedRedriveLeavesItsLetterScheduled() throws Exception {
    String id = bus.delayed(1, DeadLettersUnderTest.START.plusSeconds(600), "processing_failed");
    bus.act(redrive(all()).setTarget(DeadLetterTarget.DEAD_LETTER_TARGET_GROUP));
    bus.pass(TICK);

    assertThat(bus.state(id)).isEqualTo(SCHEDULED);
    assertThat(bus.metric("scheduled")).containsValue(1.0);
    bus.pass(Duration.ofSeconds(61));
    assertThat(bus.waiting()).hasSize(1);
  }

  @Test
  void aLetterWhoseTimeHasComeIsOverdueUntilItIsSent() {
    bus.undelivered("attempts_exhausted", "trainer", 1, 0);
    bus.pass(TICK);
    assertThat(bus.metric("overdue_seconds")).containsValue(0.0);

    bus.passUnseen(Duration.ofSeconds(90));
    assertThat(bus.metric("overdue_seconds").get("")).isBetween(29.0, 43.0);
    bus.pass(Duration.ofSeconds(60));
    assertThat(bus.metric("overdue_seconds")).containsValue(0.0);
  }
}
