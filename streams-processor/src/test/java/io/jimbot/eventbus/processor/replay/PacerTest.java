package io.jimbot.eventbus.processor.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacerTest {

  private static final long START = 5_000_000_000L;
  private static final long EVENT = 1_700_000_000_000L;

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void atFullSpeedEverythingIsDueAtOnce() {
    Pacer pacer = new Pacer(0, 0);

    assertThat(pacer.isPaced()).isFalse();
    assertThat(pacer.dueNanos(EVENT, START)).isEqualTo(START);
    assertThat(pacer.dueNanos(EVENT + 1_000_000, START + 1)).isEqualTo(START + 1);
  }

  @Test
  void theOriginalTimingIsKeptFromTheFirstEventOnHoweverLateEachIsAskedFor() {
    Random random = new Random(1);
    Pacer pacer = new Pacer(1, 0);
    long now = START;
    long event = EVENT;
    for (int i = 0; i < 1_000; i++) {
      long due = pacer.dueNanos(event, now);
      assertThat(due).isEqualTo(START + millis(event - EVENT));
      now = Math.max(now, due) + random.nextInt(50_000_000);
      pacer.gone(event, now);
      event += random.nextInt(100);
    }
  }

  @Test
  void aFactorMakesTheGapsShorterOrLonger() {
    Pacer fast = new Pacer(10, 0);
    Pacer slow = new Pacer(0.5, 0);
    fast.dueNanos(EVENT, START);
    slow.dueNanos(EVENT, START);

    assertThat(fast.dueNanos(EVENT + 1_000, START)).isEqualTo(START + millis(100));
    assertThat(slow.dueNanos(EVENT + 1_000, START)).isEqualTo(START + millis(2_000));
  }

  @Test
  void anEventThatIsOlderThanTheOneBeforeGoesWithIt() {
    Pacer pacer = new Pacer(1, 0);
    pacer.dueNanos(EVENT, START);
    pacer.gone(EVENT, START);
    long due = pacer.dueNanos(EVENT + 500, START);
    pacer.gone(EVENT + 500, due);

    assertThat(pacer.dueNanos(EVENT + 200, due)).isEqualTo(due);
  }

  @Test
  void afterAnInterruptionTheNextGapBeginsAnew() {
    Pacer pacer = new Pacer(2, 0);
    pacer.goOnAfter(EVENT, START);

    assertThat(pacer.dueNanos(EVENT + 600, START + 7)).isEqualTo(START + millis(300));
  }

  @Test
  void aRateSpacesEventsEvenlyWhateverTheirTimes() {
    Pacer pacer = new Pacer(0, 400);
    long now = START;
    for (int i = 0; i < 2_000; i++) {
      now = Math.max(now, pacer.dueNanos(EVENT, now));
      pacer.gone(EVENT, now);
    }

    assertThat(now - START).isEqualTo(TimeUnit.MICROSECONDS.toNanos(2_500) * 1_999);
  }

  @Test
  void aRateMakesUpForAShortDelayAndForgetsALongOne() {
    Pacer pacer = new Pacer(0, 100);
    pacer.dueNanos(EVENT, START);
    pacer.gone(EVENT, START);
    long late = START + millis(10_000);

    int atOnce = 0;
    while (pacer.dueNanos(EVENT, late) <= late) {
      pacer.gone(EVENT, late);
      atOnce++;
    }
    assertThat(atOnce).isBetween(10, 12);
  }

  @Test
  void aRateBoundsTheOriginalTimingToo() {
    Pacer pacer = new Pacer(1, 10);
    pacer.dueNanos(EVENT, START);
    pacer.gone(EVENT, START);

    assertThat(pacer.dueNanos(EVENT + 5, START)).isEqualTo(START + millis(100));
    assertThat(pacer.dueNanos(EVENT + 500, START)).isEqualTo(START + millis(500));
  }
}
