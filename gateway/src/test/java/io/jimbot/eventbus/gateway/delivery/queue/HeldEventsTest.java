package io.jimbot.eventbus.gateway.delivery.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.junit.jupiter.api.Test;

class HeldEventsTest {

  private final WorkerUnderTest worker = new WorkerUnderTest(Long.MAX_VALUE);
  private final HeldEvents held = new HeldEvents();
  private final ShareMember one = worker.member();
  private final ShareMember other = worker.member();

  private Acquired add(long offset, ShareMember holder) {
    Acquired acquired = new Acquired(WorkerUnderTest.record(0, offset, 1), holder);
    held.add(acquired);
    return acquired;
  }

  @Test
  void kafkaIsToldOnlyOfWhatIsDecidedAndByTheMemberThatHasIt() {
    Acquired decided = add(7, one);
    decided.decide(AcknowledgeType.ACCEPT);
    Acquired undecided = add(8, one);
    Acquired decidedToo = add(9, other);
    decidedToo.decide(AcknowledgeType.ACCEPT);

    assertThat(held.takeDecided(one)).containsExactly(decided);
    assertThat(held.takeDecided(one)).isEmpty();
    assertThat(held.all()).containsExactly(undecided, decidedToo);
  }

  @Test
  void whatIsBeingRenewedIsNotToldUntilItsLockIsHeldAgain() {
    Acquired acquired = add(7, one);
    assertThat(held.toRenew(one)).containsExactly(acquired);
    acquired.decide(AcknowledgeType.ACCEPT);
    assertThat(held.takeDecided(one)).isEmpty();

    assertThat(held.renewed(new Place(0, 7), one)).isTrue();
    assertThat(held.takeDecided(one)).containsExactly(acquired);
  }

  @Test
  void onlyTheMemberThatHasAnEventRenewsItsLock() {
    add(7, one);
    Acquired lost = add(8, one);
    held.toRenew(one);

    assertThat(held.renewed(new Place(0, 7), one)).isTrue();
    assertThat(held.renewed(new Place(0, 8), other)).isFalse();
    assertThat(held.renewed(new Place(1, 7), one)).isFalse();
    assertThat(held.takeLost(one)).containsExactly(lost);
    assertThat(held.at(new Place(0, 8))).isNull();
    assertThat(held.at(new Place(0, 7))).isNotNull();
  }

  @Test
  void theFormerHolderOfAnEventStillHasToTellOfItAndHoldsSomethingUntilThen() {
    Acquired former = add(7, one);
    Acquired later = add(7, other);
    assertThat(held.at(new Place(0, 7))).isSameAs(later);
    assertThat(held.bytes()).isEqualTo(WorkerUnderTest.SIZE);
    assertThat(held.holdsNothing(one)).isFalse();

    assertThat(held.takeDecided(one)).containsExactly(former);
    assertThat(former.decision).isEqualTo(AcknowledgeType.RELEASE);
    assertThat(held.holdsNothing(one)).isTrue();
    assertThat(held.holdsNothing(other)).isFalse();
  }

  @Test
  void whoeverKnowsThatItsLockWasLostHasNothingToTell() {
    add(7, one);
    held.toRenew(one);
    add(7, other);

    assertThat(held.holdsNothing(one)).isTrue();
    assertThat(held.takeDecided(one)).isEmpty();
  }

  @Test
  void anEventThatAMemberIsGivenAgainTakesThePlaceOfTheFormerDelivery() {
    add(7, one).decide(AcknowledgeType.ACCEPT);
    Acquired again = add(7, one);

    assertThat(held.all()).containsExactly(again);
    assertThat(held.takeDecided(one)).isEmpty();
  }

  @Test
  void aMemberThatLeavesTakesWithItAllThatItHadAndNothingOfTheOthers() {
    add(7, one);
    Acquired both = add(7, other);
    Acquired own = add(8, one);

    assertThat(held.takeAll(one)).containsExactly(own);
    assertThat(held.holdsNothing(one)).isTrue();
    assertThat(held.all()).containsExactly(both);
  }
}
