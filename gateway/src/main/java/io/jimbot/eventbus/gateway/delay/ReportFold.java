package io.jimbot.eventbus.gateway.delay;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.gateway.kafka.TopicFold;
import io.jimbot.events.v1.DelayedReport;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the processor reports, and knows how many partitions the topic of delayed events has.
 * On the follower's thread, but for {@link #delayedPartitions}.
 */
final class ReportFold implements TopicFold {

  private static final Logger LOG = LoggerFactory.getLogger(ReportFold.class);

  private final String delayed;
  private final Consumer<DelayedReport> listener;

  /** Written by the follower's thread, read by any. */
  private volatile int delayedPartitions;

  /**
   * Does no I/O.
   *
   * @param delayed the topic of delayed events
   * @param listener gets every report, on the follower's thread
   */
  ReportFold(String delayed, Consumer<DelayedReport> listener) {
    this.delayed = delayed;
    this.listener = listener;
  }

  /** How many partitions the topic of delayed events has; 0 while that is not known. */
  int delayedPartitions() {
    return delayedPartitions;
  }

  /** Whether or not there are reports: their topic is made by the first processor that runs. */
  @Override
  public void looking(ToIntFunction<String> partitions) {
    delayedPartitions = partitions.applyAsInt(delayed);
  }

  @Override
  public void read(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    try {
      listener.accept(DelayedReport.parseFrom(value == null ? new byte[0] : value));
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("record is no report offset={} error={}", record.offset(), e.getMessage());
    }
  }
}
