package io.jimbot.eventbus.gateway.delivery.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionLeasesTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final Settlement ACK = new Settlement.Acknowledge();
  private static final Settlement RETRY = new Settlement.Retry(Duration.ofSeconds(1), "no");
  private static final AcknowledgementPolicy POLICY = policy(false);
  private static final AcknowledgementPolicy STRICT = policy(true);

  private long now;

  private static AcknowledgementPolicy policy(boolean strictOrder) {
    return new AcknowledgementPolicy(
        Duration.ofSeconds(10),
        3,
        Duration.ofSeconds(1),
        Duration.ofSeconds(4),
        100,
        1 << 20,
        strictOrder);
  }

  private static PartitionLeases at(long offset, String note) {
    return at(POLICY, offset, note);
  }

  private static PartitionLeases at(AcknowledgementPolicy policy, long offset, String note) {
    return new PartitionLeases(
        policy, offset, CommitNote.read(note, offset), new AtomicInteger()::incrementAndGet);
  }

  private static StoredEvent event(long offset, String key) {
    return new StoredEvent(
        new ConsumerRecord<>("log", 0, offset, key.getBytes(UTF_8), new byte[] {1}));
  }

  private Settled settle(PartitionLeases leases, Lease lease, Settlement settlement) {
    return leases.settle(lease.event.offset(), lease.delivery, settlement, now, 1);
  }

  private Lease next(PartitionLeases leases) {
    return Objects.requireNonNull(leases.next(now));
  }

  private List<Long> deliverAll(PartitionLeases leases) {
    List<Long> offsets = new ArrayList<>();
    for (Lease next = leases.next(now); next != null; next = leases.next(now)) {
      offsets.add(next.event.offset());
    }
    return offsets;
  }

  @Test
  void aFailedEventHoldsUpOnlyItsOwnKey() {
    PartitionLeases leases = at(0, "");
    leases.add(event(0, "a"));
    Lease first = next(leases);
    leases.add(event(1, "b"));
    leases.add(event(2, "a"));
    assertThat(settle(leases, first, RETRY)).isEqualTo(Settled.DONE);

    assertThat(deliverAll(leases)).containsExactly(1L);
    assertThat(leases.heldUpKeys()).isEqualTo(1);
    now += SECOND;
    assertThat(leases.tick(now, 1)).isZero();
    assertThat(deliverAll(leases)).containsExactly(0L, 2L);
  }

  @Test
  void inStrictOrderAnEventComesOnlyOnceTheOneBeforeItIsSettled() {
    PartitionLeases leases = at(STRICT, 0, "");
    for (int offset = 0; offset < 6; offset++) {
      leases.add(event(offset, offset % 2 == 0 ? "a" : "b"));
    }
    Lease first = next(leases);
    assertThat(deliverAll(leases)).containsExactly(1L);
    assertThat(leases.heldBackEvents()).isEqualTo(4);
    assertThat(leases.heldUpKeys()).isZero();

    settle(leases, first, RETRY);
    assertThat(deliverAll(leases)).isEmpty();
    assertThat(leases.heldUpKeys()).isEqualTo(1);
    now += SECOND;
    leases.tick(now, 1);
    Lease again = next(leases);
    assertThat(again.event.offset()).isZero();

    settle(leases, again, ACK);
    assertThat(deliverAll(leases)).containsExactly(2L);
    assertThat(leases.heldBackEvents()).isEqualTo(3);
    assertThat(leases.heldUpKeys()).isZero();
  }

  @Test
  void countsWhatWaitsBehindAFailedEvent() {
    PartitionLeases leases = at(0, "");
    for (int offset = 0; offset < 4; offset++) {
      leases.add(event(offset, offset == 1 ? "b" : "a"));
    }
    Lease first = next(leases);
    next(leases);
    Lease third = next(leases);
    settle(leases, first, RETRY);
    leases.add(event(4, "a"));
    leases.add(event(5, "b"));
    assertThat(leases.heldBackEvents()).isEqualTo(3);

    settle(leases, third, ACK);
    assertThat(leases.heldBackEvents()).isEqualTo(2);
    now += SECOND;
    leases.tick(now, 1);
    assertThat(leases.heldBackEvents()).isZero();
    assertThat(deliverAll(leases)).containsExactly(0L, 3L, 4L, 5L);
  }

  @Test
  void whatWasDeliveredBehindAFailedEventComesAgainBehindItUnlessItIsAcknowledged() {
    PartitionLeases leases = at(0, "");
    leases.add(event(0, "a"));
    leases.add(event(1, "a"));
    leases.add(event(2, "a"));
    Lease first = next(leases);
    Lease second = next(leases);
    assertThat(leases.next(now)).isNotNull();
    settle(leases, first, RETRY);
    settle(leases, second, ACK);
    now += SECOND;
    leases.tick(now, 1);

    assertThat(deliverAll(leases)).containsExactly(0L, 2L);
  }

  @Test
  void afterTheLimitOfAttemptsItGoesToTheDeadLettersAndCountsOnlyThenAsSettled() {
    PartitionLeases leases = at(0, "");
    leases.add(event(0, "a"));
    leases.add(event(1, "a"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      settle(leases, next(leases), RETRY);
      now += SECOND;
      leases.tick(now, 1);
    }

    List<Lease> parking = leases.toPark(now);
    assertThat(parking).hasSize(1);
    assertThat(parking.get(0).failures).isEqualTo(3);
    assertThat(parking.get(0).parkReason).isEqualTo(DeadLetterReason.ATTEMPTS_EXHAUSTED);
    assertThat(leases.committable()).isZero();
    assertThat(leases.next(now)).isNull();
    leases.parked(0);
    assertThat(leases.committable()).isEqualTo(1);
    assertThat(deliverAll(leases)).containsExactly(1L);
  }

  @Test
  void theHistoryOfWhatIsGivenUpBeginsWithItsFirstFailure() {
    PartitionLeases leases = at(0, "");
    leases.add(event(0, "a"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      leases.settle(0, next(leases).delivery, RETRY, now, 100L * attempt);
      now += SECOND;
      leases.tick(now, 100L * attempt + 50);
    }

    Lease parked = leases.toPark(now).get(0);
    assertThat(parked.firstFailedMillis).isEqualTo(100);
    assertThat(parked.lastFailedMillis).isEqualTo(300);
  }

  @Test
  void whatIsOnItsWayToTheDeadLettersIsPutThereAgainOnlyOnceThatHasFailed() {
    PartitionLeases leases = at(0, "");
    leases.add(event(0, "a"));
    settle(leases, next(leases), new Settlement.Park("no"));
    assertThat(leases.toPark(now)).hasSize(1);
    now += 100 * SECOND;
    assertThat(leases.toPark(now)).isEmpty();

    leases.notParked(0, now);
    assertThat(leases.toPark(now)).isEmpty();
    now += SECOND;
    assertThat(leases.toPark(now)).hasSize(1);
    leases.parked(0);
    assertThat(leases.committable()).isEqualTo(1);
  }

  @Test
  void aTickCostsWhatIsDueAndNotWhatIsThere() {
    PartitionLeases leases = at(0, "");
    int events = 100_000;
    for (int i = 0; i < events; i++) {
      leases.add(event(i, "key-" + i));
    }
    assertThat(deliverAll(leases)).hasSize(events);

    // To look at every lease each time would take minutes.
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          int failed = 0;
          for (int i = 0; i < 100_000; i++) {
            failed += leases.tick(now, 1);
          }
          assertThat(failed).isZero();
        });
    now += 10 * SECOND;
    assertThat(leases.tick(now, 1)).isEqualTo(events);
  }

  @Test
  void aDeliveryThatIsNotAcknowledgedInTimeFailsAndALateAcknowledgementStillCounts() {
    PartitionLeases leases = at(0, "");
    leases.add(event(0, "a"));
    Lease lease = next(leases);
    now += 10 * SECOND;
    assertThat(leases.tick(now, 1)).isEqualTo(1);
    assertThat(lease.failures).isEqualTo(1);

    assertThat(settle(leases, lease, RETRY)).isEqualTo(Settled.EXPIRED);
    assertThat(settle(leases, lease, ACK)).isEqualTo(Settled.DONE);
    assertThat(leases.committable()).isEqualTo(1);
    assertThat(settle(leases, lease, ACK)).isEqualTo(Settled.DONE);
  }

  @Test
  void anExtensionGivesMoreTime() {
    PartitionLeases leases = at(0, "");
    leases.add(event(0, "a"));
    settle(leases, next(leases), new Settlement.Extend(Duration.ofSeconds(60)));
    now += 59 * SECOND;

    assertThat(leases.tick(now, 1)).isZero();
    now += SECOND;
    assertThat(leases.tick(now, 1)).isEqualTo(1);
  }

  @Test
  void failuresAreRememberedAcrossAMove() {
    PartitionLeases before = at(0, "");
    before.add(event(0, "a"));
    settle(before, next(before), RETRY);
    PartitionLeases after = at(0, before.note().write(0));
    after.add(event(0, "a"));
    Lease again = next(after);

    assertThat(again.failures).isEqualTo(1);
  }

  @Test
  void aNoteOfManyHolesStaysWithinItsLengthAndKeepsTheNearest() {
    PartitionLeases leases = at(0, "");
    List<Lease> out = new ArrayList<>();
    for (int offset = 0; offset < 10_000; offset++) {
      leases.add(event(offset, "k" + offset));
      out.add(next(leases));
    }
    for (int offset = 1; offset < 10_000; offset += 2) {
      settle(leases, out.get(offset), ACK);
    }
    String note = leases.note().write(0);

    assertThat(note.length()).isLessThanOrEqualTo(CommitNote.MAX_LENGTH);
    CommitNote read = CommitNote.read(note, 0);
    assertThat(read.isSettled(1)).isTrue();
    assertThat(read.isSettled(2)).isFalse();
    assertThat(read.settled()).hasSizeGreaterThan(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1:", "1:****", "2:AAAA", "somebody else's", "1:____________"})
  void whatIsNoNoteIsIgnored(String text) {
    assertThat(CommitNote.read(text, 5).settled()).isEmpty();
  }

  /**
   * Random deliveries, settlements, timeouts and moves: everything is settled in the end, nothing
   * is passed by a commit before it is, and the first deliveries of a key are in order.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whateverHappensNothingIsLostAndKeysKeepTheirOrder(boolean strict) {
    for (int seed = 0; seed < 200; seed++) {
      new Run(seed, strict ? STRICT : POLICY).go();
    }
  }

  /** One random run. */
  private static final class Run {
    private static final int EVENTS = 60;

    private final int seed;
    private final Random random;
    private final Set<Long> settled = new TreeSet<>();
    private final Map<String, Long> lastFirst = new HashMap<>();
    private final Set<Long> seen = new TreeSet<>();
    private final Map<Long, Lease> out = new HashMap<>();
    private final AcknowledgementPolicy policy;
    private PartitionLeases leases;
    private long fed;
    private long now;

    Run(int seed, AcknowledgementPolicy policy) {
      this.seed = seed;
      this.policy = policy;
      this.random = new Random(seed);
      this.leases = at(policy, 0, "");
    }

    void go() {
      for (int step = 0; step < 20_000 && settled.size() < EVENTS; step++) {
        switch (random.nextInt(10)) {
          case 0, 1 -> feed();
          case 2, 3, 4 -> deliver();
          case 5, 6 -> settleOne(ACK);
          case 7 -> settleOne(RETRY);
          case 8 -> tick();
          default -> sometimesMove();
        }
        check();
      }
      assertThat(settled).as("seed " + seed).hasSize(EVENTS);
      while (fed < EVENTS) {
        feed();
      }
      assertThat(leases.committable()).as("seed " + seed).isEqualTo(EVENTS);
    }

    private static String key(long offset) {
      return "k" + offset % 4;
    }

    private void feed() {
      if (fed < EVENTS) {
        leases.add(event(fed, key(fed)));
        fed++;
      }
    }

    private void deliver() {
      Lease lease = leases.next(now);
      if (lease == null) {
        return;
      }
      long offset = lease.event.offset();
      assertThat(settled).as("settled is not delivered, seed " + seed).doesNotContain(offset);
      if (policy.strictOrder() && offset >= 4) {
        assertThat(settled).as("strict order, seed " + seed).contains(offset - 4);
      }
      out.put(offset, lease);
      if (seen.add(offset)) {
        assertThat(lastFirst.getOrDefault(key(offset), -1L))
            .as("order of a key, seed " + seed)
            .isLessThan(offset);
        lastFirst.put(key(offset), offset);
      }
    }

    private void settleOne(Settlement settlement) {
      if (out.isEmpty()) {
        return;
      }
      List<Long> offsets = new ArrayList<>(out.keySet());
      Lease lease = Objects.requireNonNull(out.remove(offsets.get(random.nextInt(offsets.size()))));
      long offset = lease.event.offset();
      Settled result = leases.settle(offset, lease.delivery, settlement, now, 1);
      if (settlement == ACK && result == Settled.DONE) {
        settled.add(offset);
      }
    }

    private void tick() {
      now += SECOND * random.nextInt(4);
      leases.tick(now, 1);
      for (Lease lease : leases.toPark(now)) {
        if (random.nextBoolean()) {
          leases.parked(lease.event.offset());
          settled.add(lease.event.offset());
          out.remove(lease.event.offset());
        } else {
          leases.notParked(lease.event.offset(), now);
        }
      }
    }

    private void sometimesMove() {
      if (random.nextInt(10) == 0) {
        long offset = leases.committable();
        leases = at(policy, offset, leases.note().write(offset));
        out.clear();
        fed = offset;
      }
    }

    private void check() {
      assertThat(leases.heldBackEvents()).isBetween(0, leases.openEvents());
      if (!policy.strictOrder()) {
        assertThat(leases.heldUpKeys() > 0 || leases.heldBackEvents() == 0).isTrue();
      }
      for (long offset = 0; offset < leases.committable(); offset++) {
        assertThat(settled).as("committed is settled, seed " + seed).contains(offset);
      }
    }
  }
}
