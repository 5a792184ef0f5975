package io.jimbot.eventbus.gateway.delivery.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class AcquiredEventsTest {

  private static final int SIZE = 100;
  private static final AcknowledgementPolicy POLICY =
      new AcknowledgementPolicy(
          Duration.ofSeconds(10),
          3,
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          100,
          1 << 20,
          false);

  private final MemberMetrics metrics = MemberMetrics.ofQueues(new PrometheusRegistry());
  private final AcquiredEvents events =
      new AcquiredEvents(1, "queue", everything(), POLICY, 2 * SIZE, metrics);

  private static EventFilter everything() {
    return new EventFilter(List.of(new TopicPattern("**")), Set.of(), Set.of(), Set.of(), Map.of());
  }

  /** Only stands for one; its consumer is not asked for anything. */
  private ShareMember member() {
    return new ShareMember(new MockShareConsumer<>(), "log", 10, events, metrics);
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, int deliveries) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.TOPIC, "custom.test".getBytes(UTF_8));
    headers.add(HeaderNames.EVENT_TYPE, "TEST".getBytes(UTF_8));
    byte[] value = new byte[SIZE];
    Arrays.fill(value, (byte) 1);
    return new ConsumerRecord<>(
        "log",
        0,
        offset,
        1,
        TimestampType.CREATE_TIME,
        0,
        SIZE,
        new byte[0],
        value,
        headers,
        Optional.empty(),
        Optional.of((short) deliveries));
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
