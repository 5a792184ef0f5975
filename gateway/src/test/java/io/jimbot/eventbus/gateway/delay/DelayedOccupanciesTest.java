package io.jimbot.eventbus.gateway.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.events.v1.DelayedOccupancy;
import org.junit.jupiter.api.Test;

class DelayedOccupanciesTest {

  private static final long NOW = 1_000_000;

  private final DelayedOccupancies occupancies = new DelayedOccupancies(10, 1_000);

  private static DelayedOccupancy of(long events, long bytes) {
    return DelayedOccupancy.newBuilder().setEvents(events).setBytes(bytes).build();
  }

  @Test
  void noMoreEventsAreAdmittedThanMayWaitThoughTheProcessorIsAway() {
    for (int i = 0; i < 10; i++) {
      assertThat(occupancies.admit(1, NOW + i * 60_000)).isTrue();
    }

    assertThat(occupancies.admit(1, NOW + 3_600_000)).isFalse();
    assertThat(occupancies.events()).isEqualTo(10);
  }

  @Test
  void noMoreBytesAreAdmittedThanMayWait() {
    assertThat(occupancies.admit(999, NOW)).isTrue();
    assertThat(occupancies.admit(2, NOW)).isFalse();
    assertThat(occupancies.admit(1, NOW)).isTrue();
  }

  @Test
  void whatThePartitionsReportIsAddedUp() {
    occupancies.report(0, of(4, 100), NOW / 1_000);
    occupancies.report(1, of(6, 100), NOW / 1_000);
    assertThat(occupancies.admit(1, NOW)).isFalse();

    occupancies.report(1, of(5, 100), NOW / 1_000);
    assertThat(occupancies.admit(1, NOW)).isTrue();
    assertThat(occupancies.admit(1, NOW)).isFalse();
  }

  @Test
  void ownEventsCountUntilAReportMustHaveThem() {
    assertThat(occupancies.admit(1, NOW)).isTrue();
    occupancies.report(0, of(0, 0), NOW / 1_000 + 1);
    assertThat(occupancies.events()).isEqualTo(1);

    occupancies.report(0, of(1, 50), NOW / 1_000 + 5);
    assertThat(occupancies.events()).isEqualTo(1);
  }
}
