package io.jimbot.eventbus.gateway.delivery.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.record.HeaderTime;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class SieveTest {

  private final WorkerUnderTest worker = new WorkerUnderTest(Long.MAX_VALUE);
  private final Sieve sieve = worker.sieve;

  private Acquired acquired(ConsumerRecord<byte[], byte[]> record) {
    return new Acquired(record, worker.member());
  }

  private Acquired sifted(ConsumerRecord<byte[], byte[]> record) {
    Acquired acquired = acquired(record);
    sieve.sift(acquired);
    return acquired;
  }

  private static ConsumerRecord<byte[], byte[]> addressed(String queue, int deliveries) {
    ConsumerRecord<byte[], byte[]> record = WorkerUnderTest.record(0, 7, deliveries);
    record.headers().add(HeaderNames.FOR_GROUP, queue.getBytes(UTF_8));
    return record;
  }

  private static void assertSettled(Acquired acquired) {
    assertThat(acquired.state).isEqualTo(Acquired.State.DECIDED);
    assertThat(acquired.decision).isEqualTo(AcknowledgeType.ACCEPT);
  }

  @Test
  void whatIsWantedIsToBeJudgedAndThenDelivered() {
    Acquired wanted = sifted(WorkerUnderTest.record(0, 7, 9));
    assertThat(wanted.state).isEqualTo(Acquired.State.UNJUDGED);

    sieve.judge(wanted, false);
    assertThat(wanted.state).isEqualTo(Acquired.State.WAITING);
  }

  @Test
  void whatTheWorkerDoesNotAskForIsSettledAndNotJudged() {
    assertSettled(sifted(WorkerUnderTest.record("game.started", 0, 7, 1)));
    assertThat(worker.counted("unreadable")).isZero();
  }

  @Test
  void aRecordThatIsNoEventIsSettledAndCounted() {
    byte[] noEvent = {1, 2, 3};

    assertSettled(sifted(new ConsumerRecord<>("log", 0, 7, noEvent, noEvent)));
    assertThat(worker.counted("unreadable")).isEqualTo(1);
  }

  @Test
  void anEventWhoseTimeIsOverIsSettledWhenItComesAndWhenItHasWaited() {
    ConsumerRecord<byte[], byte[]> record = WorkerUnderTest.record(0, 7, 1);
    record.headers().add(HeaderNames.EXPIRES_AT, HeaderTime.of(1));
    assertSettled(sifted(record));

    Acquired waiting = acquired(record);
    assertThat(sieve.settleIfExpired(waiting)).isTrue();
    assertSettled(waiting);
    assertThat(worker.counted("expired")).isEqualTo(2);
    assertThat(sieve.settleIfExpired(acquired(WorkerUnderTest.record(0, 8, 1)))).isFalse();
  }

  @Test
  void aRepeatIsSettledEvenIfKafkaWouldGiveItToNobodyAgain() {
    Acquired repeat = sifted(WorkerUnderTest.record(0, 7, QueueBeginning.DELIVERY_LIMIT));

    sieve.judge(repeat, true);
    assertSettled(repeat);
    assertThat(worker.counted("repeats")).isEqualTo(1);
  }

  @Test
  void whatCameAgainForThisQueueIsDeliveredThoughItRepeatsWhatWentToTheDeadLetters() {
    Acquired again = sifted(addressed(WorkerUnderTest.QUEUE, 1));

    sieve.judge(again, true);
    assertThat(again.state).isEqualTo(Acquired.State.WAITING);
    assertThat(worker.counted("repeats")).isZero();
    assertThat(worker.counted("redriven")).isEqualTo(1);
  }

  @Test
  void whatCameAgainForAnotherQueueIsSettled() {
    assertSettled(sifted(addressed("another", 1)));
    assertThat(worker.counted("redriven")).isEqualTo(1);
  }

  @Test
  void theLastTimeThatKafkaGivesAnEventItGoesToTheDeadLetters() {
    Acquired last = sifted(WorkerUnderTest.record(0, 7, QueueBeginning.DELIVERY_LIMIT));

    sieve.judge(last, false);
    assertThat(last.state).isEqualTo(Acquired.State.GIVEN_UP);
    assertThat(last.parkReason).isEqualTo(DeadLetterReason.DELIVERIES_EXHAUSTED);
  }
}
