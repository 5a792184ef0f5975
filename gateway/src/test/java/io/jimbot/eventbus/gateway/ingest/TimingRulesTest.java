package io.jimbot.eventbus.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimingRulesTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final TimingRules RULES = new TimingRules(Duration.ofDays(7));

  private static SubmissionFault fault(@Nullable Instant deliverAt, @Nullable Duration ttl) {
    return catchThrowableOfType(SubmissionFault.class, () -> RULES.check(deliverAt, ttl, NOW));
  }

  @Test
  void withoutWordsOnTimeAnEventIsDeliveredAtOnceForAsLongAsItIsKept() throws Exception {
    assertThat(RULES.check(null, null, NOW)).isEqualTo(Timing.USUAL);
  }

  @Test
  void theTimeToLiveCountsFromTheReceipt() throws Exception {
    Instant later = NOW.plusSeconds(60);

    assertThat(RULES.check(later, Duration.ofSeconds(90), NOW))
        .isEqualTo(new Timing(later, NOW.plusSeconds(90)));
  }

  @Test
  void aTimeThatHasPassedMeansAtOnce() throws Exception {
    assertThat(RULES.check(NOW.minusSeconds(5), null, NOW)).isEqualTo(Timing.USUAL);
    assertThat(RULES.check(NOW, null, NOW)).isEqualTo(Timing.USUAL);
  }

  @Test
  void noTimeToLiveIsShorterThanAMillisecondOrLongerThanTenYears() {
    assertThat(fault(null, Duration.ZERO).reason()).isEqualTo("invalid_ttl");
    assertThat(fault(null, Duration.ofSeconds(-1)).reason()).isEqualTo("invalid_ttl");
    assertThat(fault(null, Duration.ofDays(3651)).field()).isEqualTo(SubmissionFault.Field.TTL);
  }

  @Test
  void anEventThatWouldExpireBeforeItsDeliveryIsRefused() {
    SubmissionFault fault = fault(NOW.plusSeconds(60), Duration.ofSeconds(60));

    assertThat(fault.reason()).isEqualTo("expires_before_delivery");
    assertThat(fault.field()).isEqualTo(SubmissionFault.Field.DELIVER_AT);
    assertThat(fault).hasMessageContaining("2026-03-01T12:01:00Z");
  }

  @Test
  void anEventIsSentAtMostTheLongestDelayAhead() throws Exception {
    Instant longest = NOW.plus(Duration.ofDays(7));

    assertThat(RULES.check(longest, null, NOW).deliverAt()).isEqualTo(longest);
    assertThat(fault(longest.plusMillis(1), null).reason()).isEqualTo("delay_too_long");
    assertThat(fault(Instant.MAX, null).reason()).isEqualTo("delay_too_long");
  }
}
