package io.jimbot.eventbus.gateway.delivery.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** What a worker of a queue has at the gateway, with none of what fills it. */
final class WorkerUnderTest {

  static final String QUEUE = "queue";

  /** Of an event, in bytes. */
  static final int SIZE = 100;

  static final AcknowledgementPolicy POLICY =
      new AcknowledgementPolicy(
          Duration.ofSeconds(10),
          3,
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          100,
          1 << 20,
          false);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  final MemberMetrics metrics = MemberMetrics.ofQueues(registry);
  final Sieve sieve = new Sieve(QUEUE, customEvents(), metrics);
  final AcquiredEvents events;

  /**
   * @param maxBytes how many bytes of events it holds
   */
  WorkerUnderTest(long maxBytes) {
    events = new AcquiredEvents(1, sieve, POLICY, maxBytes);
  }

  private static EventFilter customEvents() {
    return new EventFilter(
        List.of(new TopicPattern("custom.**")), Set.of(), Set.of(), Set.of(), Map.of());
  }

  /** Only stands for one; its consumer is not asked for anything. */
  ShareMember member() {
    return new ShareMember(new MockShareConsumer<>(), "log", 10, events, metrics);
  }

  /** An event that it asks for. */
  static ConsumerRecord<byte[], byte[]> record(int partition, long offset, int deliveries) {
    return record("custom.test", partition, offset, deliveries);
  }

  static ConsumerRecord<byte[], byte[]> record(
      String topic, int partition, long offset, int deliveries) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.TOPIC, topic.getBytes(UTF_8));
    headers.add(HeaderNames.EVENT_TYPE, "TEST".getBytes(UTF_8));
    byte[] value = new byte[SIZE];
    Arrays.fill(value, (byte) 1);
    return new ConsumerRecord<>(
        "log",
        partition,
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

  /** What was counted, by the name behind the prefix, with whatever labels. */
  double counted(String name) {
    return registry.scrape().stream()
        .filter(s -> s.getMetadata().getName().equals("eventbus_queue_" + name))
        .flatMap(s -> ((CounterSnapshot) s).getDataPoints().stream())
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }
}
