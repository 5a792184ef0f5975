package io.jimbot.eventbus.gateway.schema;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.proto.LossReport;
import io.jimbot.eventbus.proto.ProposedSchema;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.Event;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what a proposed schema would do to the last events of the log, one question at a time on
 * a thread of its owner's. Thread-safe.
 */
public final class SchemaDesk {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaDesk.class);

  private static final long MOST_BYTES = 64L * 1024 * 1024;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final String log;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Executor thread;

  /**
   * Does no I/O.
   *
   * @param consumers makes the consumer of one question
   * @param thread runs one task at a time; refuses when too many wait
   */
  public SchemaDesk(String log, Supplier<Consumer<byte[], byte[]>> consumers, Executor thread) {
    this.log = log;
    this.consumers = consumers;
    this.thread = thread;
  }

  /**
   * Reads the last events by a schema: of at most 64 MiB, and those that can be had within ten
   * seconds.
   *
   * @param last how many events
   * @param examples how many of each kind of loss
   * @return fails with Kafka's own exception if it is away
   * @throws java.util.concurrent.RejectedExecutionException if too many questions wait
   */
  public CompletableFuture<LossReport> whatIf(ProposedSchema schema, int last, int examples) {
    return CompletableFuture.supplyAsync(() -> report(schema, last(last), examples), thread);
  }

  private static LossReport report(ProposedSchema schema, List<StoredEvent> events, int examples) {
    LossReport report = new LossReport(examples);
    for (StoredEvent event : events) {
      try {
        report.add(Event.parseFrom(event.value()), schema.judge(event.value()));
      } catch (InvalidProtocolBufferException e) {
        LOG.debug("record is no event partition={} offset={}", event.partition(), event.offset());
      }
    }
    return report;
  }

  private List<StoredEvent> last(int most) {
    LastEvents last = new LastEvents(most, MOST_BYTES);
    long deadline = System.nanoTime() + LONGEST.toNanos();
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      Map<TopicPartition, Long> left = seek(consumer, most);
      while (!left.isEmpty() && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          StoredEvent event = new StoredEvent(record);
          if (event.isEvent()) {
            last.add(event);
          }
        }
        left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        consumer.pause(
            consumer.assignment().stream().filter(part -> !left.containsKey(part)).toList());
      }
    }
    return last.events();
  }

  /** Goes back in each partition as far as all the events might lie in it; says where each ends. */
  private Map<TopicPartition, Long> seek(Consumer<byte[], byte[]> consumer, int most) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(log).stream()
            .map(partition -> new TopicPartition(log, partition.partition()))
            .toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
    ends.forEach(
        (partition, end) ->
            consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L), end - most)));
    ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
    return ends;
  }
}
