package io.jimbot.eventbus.gateway.delivery.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.service.record.StoredEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

  private final Deadlines deadlines = new Deadlines();

  private static Lease lease(long offset) {
    byte[] key = "a".getBytes(UTF_8);
    return new Lease(
        new StoredEvent(new ConsumerRecord<>("log", 0, offset, key, new byte[] {1})), 0);
  }

  @Test
  void whatIsDueComesOutTheSoonestFirstAndNothingElse() {
    Lease first = lease(1);
    Lease second = lease(0);
    Lease later = lease(2);
    deadlines.set(later, 30);
    deadlines.set(second, 20);
    deadlines.set(first, 10);

    assertThat(deadlines.pollDue(9)).isNull();
    assertThat(deadlines.pollDue(20)).isSameAs(first);
    assertThat(deadlines.pollDue(20)).isSameAs(second);
    assertThat(deadlines.pollDue(20)).isNull();
    assertThat(deadlines.pollDue(30)).isSameAs(later);
    assertThat(deadlines.pollDue(30)).isNull();
  }

  @Test
  void thoseOfOneTimeComeInTheOrderOfTheLog() {
    Lease second = lease(8);
    Lease first = lease(7);
    deadlines.set(second, 10);
    deadlines.set(first, 10);

    assertThat(deadlines.pollDue(10)).isSameAs(first);
    assertThat(deadlines.pollDue(10)).isSameAs(second);
  }

  @Test
  void aLaterTimeTakesThePlaceOfTheFormerOne() {
    Lease lease = lease(0);
    deadlines.set(lease, 10);
    deadlines.set(lease, 20);

    assertThat(deadlines.pollDue(10)).isNull();
    assertThat(deadlines.pollDue(20)).isSameAs(lease);
    assertThat(deadlines.pollDue(20)).isNull();
  }

  @Test
  void whatIsClearedIsNeverDue() {
    Lease lease = lease(0);
    deadlines.set(lease, 10);
    deadlines.clear(lease);

    assertThat(deadlines.pollDue(10)).isNull();
  }

  @Test
  void aClockThatOverflowsKeepsTheOrder() {
    Lease before = lease(1);
    Lease behind = lease(0);
    deadlines.set(behind, Long.MAX_VALUE + 5);
    deadlines.set(before, Long.MAX_VALUE - 5);

    assertThat(deadlines.pollDue(Long.MAX_VALUE)).isSameAs(before);
    assertThat(deadlines.pollDue(Long.MAX_VALUE)).isNull();
    assertThat(deadlines.pollDue(Long.MAX_VALUE + 5)).isSameAs(behind);
  }
}
