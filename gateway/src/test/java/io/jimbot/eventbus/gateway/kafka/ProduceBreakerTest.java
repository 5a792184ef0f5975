package io.jimbot.eventbus.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.kafka.ProduceBreaker.State;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProduceBreakerTest {

  private static final Unavailable TIMEOUT = new Unavailable("timeout", "no answer");
  private static final long MILLIS = 1_000_000;

  /** Starts below zero, for {@code System.nanoTime} may. */
  private long nowNanos = -5_000 * MILLIS;

  private final List<String> transitions = new ArrayList<>();
  private final ProduceBreaker breaker =
      new ProduceBreaker(
          () -> nowNanos,
          Duration.ofMillis(1500),
          (from, to, why) -> transitions.add(from + ">" + to));

  private void closeIt() {
    breaker.reachable();
    breaker.acknowledged();
    nowNanos += 1000 * MILLIS;
  }

  private String refusal() {
    return Objects.requireNonNull(breaker.refusal()).reason();
  }

  @Test
  void atTheStartRecordsAreRefusedAndKafkaIsProbed() {
    assertThat(refusal()).isEqualTo("starting");
    assertThat(breaker.wantsProbe()).isTrue();
  }

  @Test
  void theRefusalTellsWhatTheProbeFound() {
    breaker.unreachable(new Unavailable("topic_missing", "no topic"));

    assertThat(refusal()).isEqualTo("topic_missing");
    assertThat(breaker.state()).isEqualTo(State.STARTING);
  }

  @Test
  void onceKafkaIsReachableRecordsAreAdmittedAndTheFirstAcknowledgementCloses() {
    breaker.reachable();
    assertThat(breaker.refusal()).isNull();
    assertThat(breaker.wantsProbe()).isFalse();

    breaker.acknowledged();

    assertThat(transitions).containsExactly("STARTING>TRIAL", "TRIAL>CLOSED");
  }

  @Test
  void aFailureOpensAtOnce() {
    closeIt();

    breaker.failed(nowNanos, TIMEOUT);

    assertThat(refusal()).isEqualTo("timeout");
    assertThat(breaker.wantsProbe()).isTrue();
  }

  @Test
  void aRecordThatIsUnansweredForTooLongOpens() {
    closeIt();
    long handedOver = nowNanos;

    nowNanos += 1500 * MILLIS;
    breaker.checkStall(OptionalLong.of(handedOver));
    assertThat(breaker.refusal()).isNull();

    nowNanos += MILLIS;
    breaker.checkStall(OptionalLong.of(handedOver));
    assertThat(refusal()).isEqualTo("kafka_unreachable");
  }

  @Test
  void aRecordThatWaitsWhileOthersAreAcknowledgedDoesNotOpen() {
    closeIt();
    long handedOver = nowNanos;

    nowNanos += 1400 * MILLIS;
    breaker.acknowledged();
    nowNanos += 1400 * MILLIS;
    breaker.checkStall(OptionalLong.of(handedOver));

    assertThat(breaker.refusal()).isNull();
  }

  @Test
  void anAcknowledgementWhileOpenDoesNotClose() {
    closeIt();
    breaker.failed(nowNanos, TIMEOUT);

    breaker.acknowledged();

    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void whatWasHandedOverBeforeKafkaCameBackCannotOpenAgain() {
    closeIt();
    long old = nowNanos;
    breaker.failed(nowNanos, TIMEOUT);
    nowNanos += 3000 * MILLIS;
    breaker.reachable();

    breaker.failed(old, TIMEOUT);
    breaker.checkStall(OptionalLong.of(old));
    assertThat(breaker.state()).isEqualTo(State.TRIAL);

    breaker.failed(nowNanos, TIMEOUT);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void trialsThatFailAreCountedUntilOneSucceeds() {
    for (int i = 1; i <= 3; i++) {
      breaker.reachable();
      breaker.failed(nowNanos, TIMEOUT);
      assertThat(breaker.failedTrials()).isEqualTo(i);
    }

    closeIt();

    assertThat(breaker.failedTrials()).isZero();
  }

  @Test
  void onceStoppedNothingStartsItAgain() {
    closeIt();
    breaker.stop();

    breaker.reachable();
    breaker.acknowledged();
    breaker.failed(nowNanos, TIMEOUT);

    assertThat(refusal()).isEqualTo("stopping");
    assertThat(breaker.wantsProbe()).isFalse();
  }
}
