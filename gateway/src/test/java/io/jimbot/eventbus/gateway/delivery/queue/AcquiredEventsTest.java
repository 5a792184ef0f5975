package io.jimbot.eventbus.gateway.delivery.queue;

import static io.jimbot.eventbus.gateway.delivery.queue.WorkerUnderTest.SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class AcquiredEventsTest {

  private final WorkerUnderTest worker = new WorkerUnderTest(2 * SIZE);
  private final AcquiredEvents events = worker.events;

  private ShareMember member() {
    return worker.member();
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, int deliveries) {
    return WorkerUnderTest.record(0, offset, deliveries);
  }

  @Test
  void whatAnotherMemberOfTheWorkerWasGivenMeanwhileIsStillToldByTheFormerOne() {
    ShareMember former = member();
    ShareMember later = member();
    give(record(7, 1), former);
    assertThat(Objects.requireNonNull(events.next()).attempt()).isEqualTo(1);
    give(record(7, 2), later);

    assertThat(events.outEvents()).isZero();
    assertThat(events.holdsNothing(former)).isFalse();
    assertThat(events.decided(former))
        .singleElement()
        .satisfies(told -> assertThat(told.decision).isEqualTo(AcknowledgeType.RELEASE));
    assertThat(events.holdsNothing(former)).isTrue();
    assertThat(events.decided(later)).isEmpty();
    assertThat(Objects.requireNonNull(events.next()).attempt()).isEqualTo(2);
  }

  private void give(ConsumerRecord<byte[], byte[]> record, ShareMember holder) {
    events.add(record, holder);
    events.judged(events.unjudged(), Set.of());
  }

  @Test
  void whatMayRepeatAnEarlierEventWaitsUntilThatIsKnown() {
    ShareMember member = member();
    ConsumerRecord<byte[], byte[]> repeat = record(7, 1);
    ConsumerRecord<byte[], byte[]> original = record(8, 1);
    events.add(repeat, member);
    events.add(original, member);
    assertThat(events.next()).isNull();
    assertThat(events.decided(member)).isEmpty();
    assertThat(events.unjudged()).containsExactly(repeat, original);

    events.judged(events.unjudged(), Set.of(repeat));

    assertThat(Objects.requireNonNull(events.next()).event().offset()).isEqualTo(8);
    assertThat(events.next()).isNull();
    assertThat(events.decided(member))
        .singleElement()
        .satisfies(told -> assertThat(told.record).isEqualTo(repeat))
        .satisfies(told -> assertThat(told.decision).isEqualTo(AcknowledgeType.ACCEPT));
  }

  @Test
  void whatIsRenewedTooLateIsToldToBeUnknown() {
    ShareMember member = member();
    give(record(7, 1), member);
    give(record(8, 1), member);
    events.toRenew(member);
    assertThat(events.renewed(record(7, 1), member)).isTrue();
    events.forgetLost(member);

    assertThat(events.renewed(record(8, 1), member)).isFalse();
    assertThat(events.renewed(record(7, 1), member)).isTrue();
  }

  @Test
  void thereIsNoRoomOnceItsBytesAreUsedUp() {
    ShareMember member = member();
    give(record(7, 1), member);
    assertThat(events.room(10)).isEqualTo(9);
    give(record(8, 1), member);

    assertThat(events.heldBytes()).isEqualTo(2 * SIZE);
    assertThat(events.room(10)).isZero();
    events.forget(member);
    assertThat(events.heldBytes()).isZero();
    assertThat(events.room(10)).isEqualTo(10);
  }
}
