package io.jimbot.eventbus.gateway.delivery.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.event.HeaderNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.junit.jupiter.api.Test;

/** Which member takes the next batch; what they say to Kafka is seen on a broker, by queues. */
class ShareMembersTest {

  private final WorkerUnderTest worker = new WorkerUnderTest(1 << 20);
  private final AcquiredEvents events = worker.events;
  private final List<MockShareConsumer<byte[], byte[]>> consumers = new ArrayList<>();
  private final ShareMembers members =
      new ShareMembers(
          this::open, new QueueSettings(10, 10, 3, DataSize.mebibytes(1), 100), worker.metrics);

  private ShareMember open(int batch) {
    MockShareConsumer<byte[], byte[]> consumer = new MockShareConsumer<>();
    consumers.add(consumer);
    return new ShareMember(consumer, "log", batch, events, worker.metrics);
  }

  private ShareMember next(int wanted) {
    return Objects.requireNonNull(members.next(wanted));
  }

  /** Gives the member an event, which is settled at once unless it is to be held. */
  private void take(ShareMember member, long offset, boolean held) {
    ConsumerRecord<byte[], byte[]> event =
        new ConsumerRecord<>("log", 0, offset, new byte[0], new byte[0]);
    event.headers().add(HeaderNames.TOPIC, "custom.test".getBytes(UTF_8));
    event.headers().add(HeaderNames.EVENT_TYPE, "TEST".getBytes(UTF_8));
    consumers.get(consumers.size() - 1).addRecord(event);
    for (ConsumerRecord<byte[], byte[]> record : member.take()) {
      events.add(record, member);
    }
    events.judged(events.unjudged(), Set.of());
    if (!held) {
      events.tick(true);
      assertThat(events.decided(member))
          .extracting(told -> told.decision)
          .containsExactly(AcknowledgeType.RELEASE);
    }
  }

  @Test
  void oneThatMayHaveBeenGivenEventsIsAskedAgainWhateverRoomThereIs() {
    ShareMember member = next(10);
    assertThat(member.take()).isEmpty();

    assertThat(members.next(1)).isSameAs(member);
    assertThat(members.next(0)).isSameAs(member);
  }

  @Test
  void oneWithALargerBatchThanThereIsRoomForIsNotAskedAndReplacedIfThatLasts() {
    ShareMember member = next(10);
    take(member, 0, false);
    assertThat(members.next(3)).isNull();
    assertThat(members.next(10)).isSameAs(member);

    await().until(() -> members.next(3) != null);
    assertThat(next(3).batch()).isEqualTo(3);
    assertThat(consumers).hasSize(2);
  }

  @Test
  void oneWithAMuchSmallerBatchIsReplacedAtOnce() {
    ShareMember member = next(2);
    take(member, 0, false);
    assertThat(members.next(3)).isSameAs(member);

    assertThat(next(10).batch()).isEqualTo(10);
  }

  @Test
  void besideOneThatHoldsItsBatchForLongAnotherTakesTheNextOne() {
    ShareMember holder = next(10);
    take(holder, 0, true);
    assertThat(members.next(9)).isNull();

    await().until(() -> members.next(9) != null);
    assertThat(next(9)).isNotSameAs(holder);
    assertThat(next(9).batch()).isEqualTo(9);
  }
}
