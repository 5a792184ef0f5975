package io.jimbot.eventbus.gateway.delivery.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jimbot.eventbus.gateway.delivery.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class RepeatJudgeTest {

  private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

  private final WorkerUnderTest worker = new WorkerUnderTest(Long.MAX_VALUE);
  private final ShareMember member = worker.member();
  private final KnownRepeats repeats = new KnownRepeats();
  private final AtomicInteger unknown = new AtomicInteger();
  private long now = Long.MAX_VALUE - PAUSE_NANOS / 2;
  private final RepeatJudge judge =
      new RepeatJudge(
          WorkerUnderTest.QUEUE, repeats, worker.events, unknown::incrementAndGet, () -> now);

  /** Tells what the test has said, or fails for the partitions for which it has said so. */
  private static final class KnownRepeats implements Repeats {
    private final Map<Integer, KafkaException> failures = new HashMap<>();
    private final Set<Place> known = new HashSet<>();
    private final List<Place> asked = new ArrayList<>();

    @Override
    public Set<ConsumerRecord<byte[], byte[]>> among(
        Iterable<ConsumerRecord<byte[], byte[]>> events) {
      Set<ConsumerRecord<byte[], byte[]>> repeats = new HashSet<>();
      for (ConsumerRecord<byte[], byte[]> event : events) {
        asked.add(Place.of(event));
        if (known.contains(Place.of(event))) {
          repeats.add(event);
        }
        if (failures.containsKey(event.partition())) {
          throw failures.get(event.partition());
        }
      }
      return repeats;
    }

    @Override
    public void close() {}
  }

  private void give(int partition, long offset) {
    worker.events.add(WorkerUnderTest.record(partition, offset, 1), member);
  }

  private List<Place> delivered() {
    List<Place> places = new ArrayList<>();
    for (Delivery next = worker.events.next(); next != null; next = worker.events.next()) {
      places.add(new Place(next.event().partition(), next.event().offset()));
    }
    return places;
  }

  @Test
  void whatRepeatsNothingIsDeliveredAndRepeatsOfEachPartitionAreSettled() {
    repeats.known.add(new Place(0, 8));
    repeats.known.add(new Place(1, 7));
    give(0, 7);
    give(0, 8);
    give(1, 7);
    give(1, 8);
    judge.judge();

    assertThat(delivered()).containsExactly(new Place(0, 7), new Place(1, 8));
    assertThat(worker.events.decided(member))
        .extracting(told -> Place.of(told.record))
        .containsExactly(new Place(0, 8), new Place(1, 7));
  }

  @Test
  void whatIsJudgedIsNotAskedAgain() {
    give(0, 7);
    judge.judge();
    give(0, 8);
    judge.judge();

    assertThat(repeats.asked).containsExactly(new Place(0, 7), new Place(0, 8));
  }

  @Test
  void thoseOfOtherPartitionsDoNotWaitForOneThatCannotBeJudged() {
    for (int partition = 0; partition < 3; partition++) {
      give(partition, 7);
    }
    repeats.failures.put(1, new TimeoutException("not read yet"));
    judge.judge();

    assertThat(delivered()).containsExactly(new Place(0, 7), new Place(2, 7));
    assertThat(worker.events.unjudged()).extracting(Place::of).containsExactly(new Place(1, 7));
    assertThat(worker.events.decided(member)).isEmpty();
    assertThat(unknown).hasValue(1);
  }

  @Test
  void aPartitionThatCouldNotBeJudgedIsAskedAgainAfterAWhileAndWithItWhatCameSince() {
    give(0, 7);
    repeats.failures.put(0, new TimeoutException("not read yet"));
    judge.judge();
    repeats.failures.clear();
    give(0, 8);
    now += PAUSE_NANOS - 1;
    judge.judge();
    assertThat(repeats.asked).containsExactly(new Place(0, 7));
    assertThat(delivered()).isEmpty();

    now++;
    judge.judge();
    assertThat(delivered()).containsExactly(new Place(0, 7), new Place(0, 8));
    give(0, 9);
    judge.judge();
    assertThat(delivered()).containsExactly(new Place(0, 9));
    assertThat(unknown).hasValue(1);
  }

  @Test
  void everyTimeThatItCannotBeToldIsCountedAndFollowedByAPause() {
    give(0, 7);
    repeats.failures.put(0, new TimeoutException("not read yet"));
    judge.judge();
    now += PAUSE_NANOS;
    judge.judge();
    now += PAUSE_NANOS - 1;
    judge.judge();

    assertThat(repeats.asked).hasSize(2);
    assertThat(unknown).hasValue(2);
  }

  @Test
  void aWorkerThatIsWokenUpAsksAgainAtOnce() {
    give(0, 7);
    give(1, 7);
    repeats.failures.put(0, new WakeupException());
    judge.judge();
    assertThat(delivered()).containsExactly(new Place(1, 7));
    assertThat(unknown).hasValue(0);

    repeats.failures.clear();
    judge.judge();
    assertThat(delivered()).containsExactly(new Place(0, 7));
  }

  @Test
  void whatAskingAgainDoesNotMendIsForTheWorkerToMend() {
    give(0, 7);
    repeats.failures.put(0, new KafkaException("no such thing"));

    assertThatThrownBy(judge::judge).isInstanceOf(KafkaException.class);
    assertThat(worker.events.unjudged()).hasSize(1);
    assertThat(unknown).hasValue(0);
  }
}
