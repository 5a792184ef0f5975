package io.jimbot.eventbus.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightRecordsTest {

  private static final long MILLIS = 1_000_000;

  private final InFlightRecords inFlight = new InFlightRecords(Duration.ofSeconds(5));

  @Test
  void withoutRecordsThereIsNoOldest() {
    inFlight.started(0, 10);
    inFlight.landed(0, 10);

    assertThat(inFlight.oldestNanos(0)).isEmpty();
    assertThat(inFlight.records()).isZero();
    assertThat(inFlight.bytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -7_777_777_777L, 3_333_333_333_333L, Long.MAX_VALUE / 2})
  void theOldestIsKnownToATenthOfASecondAndNeverTakenForOlderThanItIs(long start) {
    inFlight.started(start, 10);
    inFlight.started(start + 300 * MILLIS, 20);

    long oldest = inFlight.oldestNanos(start + 4_000 * MILLIS).orElseThrow();

    assertThat(oldest).isBetween(start, start + 100 * MILLIS);
    assertThat(inFlight.records()).isEqualTo(2);
    assertThat(inFlight.bytes()).isEqualTo(30);
  }

  @Test
  void whenTheOldestLandsTheNextOneIsTheOldest() {
    inFlight.started(0, 1);
    inFlight.started(900 * MILLIS, 1);

    inFlight.landed(0, 1);

    assertThat(inFlight.oldestNanos(1_000 * MILLIS).orElseThrow())
        .isGreaterThanOrEqualTo(900 * MILLIS);
  }

  @Test
  void aRecordOfThisInstantIsNotInTheFuture() {
    inFlight.started(50 * MILLIS, 1);

    assertThat(inFlight.oldestNanos(60 * MILLIS)).isEqualTo(OptionalLong.of(60 * MILLIS));
  }
}
