package io.jimbot.eventbus.gateway.delay;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.events.v1.DelayedReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread {@code delayed-reports}: reads what the processor reports, from a minute before
 * now on, and looks how many partitions the topic of delayed events has. Owner of the consumer;
 * when it fails, or the topic is not there yet, a new one begins after a pause. Closed by {@link
 * DelayedEvents}; may be closed twice.
 */
final class ReportTail implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ReportTail.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK_BACK = Duration.ofMinutes(1);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long PAUSE_MILLIS = 1_000;

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String delayed;
  private final TopicPartition reports;
  private final java.util.function.Consumer<DelayedReport> listener;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this, "delayed-reports");
  private boolean failing;

  /** Written by the thread, read by whoever closes, only to wake it up. */
  private volatile @Nullable Consumer<byte[], byte[]> current;

  /** Written by the thread. */
  private volatile int partitions;

  /**
   * Does no I/O.
   *
   * @param delayed the topic of delayed events
   * @param reports the topic of reports, which has one partition
   * @param listener gets every report, on the thread
   */
  ReportTail(
      Supplier<Consumer<byte[], byte[]>> consumers,
      String delayed,
      String reports,
      java.util.function.Consumer<DelayedReport> listener) {
    this.consumers = consumers;
    this.delayed = delayed;
    this.reports = new TopicPartition(reports, 0);
    this.listener = listener;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** How many partitions the topic of delayed events has; 0 while that is not known. */
  int partitions() {
    return partitions;
  }

  /** Ends the thread; waits for it at most that long. */
  void close(Duration patience) throws InterruptedException {
    stop.countDown();
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    thread.join(Math.max(1, patience.toMillis()));
  }

  @Override
  public void run() {
    try {
      while (stop.getCount() > 0) {
        attempt();
        boolean unused = stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      LOG.debug("reports of delayed events interrupted");
    }
  }

  /** One consumer's life. */
  private void attempt() {
    Consumer<byte[], byte[]> consumer = null;
    try {
      consumer = consumers.get();
      current = consumer;
      while (stop.getCount() > 0 && !isThere(consumer)) {
        boolean unused = stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
      follow(consumer);
    } catch (WakeupException e) {
      LOG.debug("reports of delayed events woken up");
    } catch (InterruptedException e) {
      stop.countDown();
    } catch (KafkaException e) {
      failed(e);
    } finally {
      current = null;
      if (consumer != null) {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
      }
    }
  }

  private void failed(KafkaException e) {
    if (!failing && stop.getCount() > 0) {
      failing = true;
      LOG.warn("reports of delayed events not readable error={}", e.toString());
    }
  }

  /** Whether there are reports; the topic is made by the first processor that runs. */
  private boolean isThere(Consumer<byte[], byte[]> consumer) {
    partitions = count(consumer, delayed);
    return count(consumer, reports.topic()) > 0;
  }

  private static int count(Consumer<byte[], byte[]> consumer, String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, PATIENCE);
    return found == null ? 0 : found.size();
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    if (stop.getCount() == 0) {
      return;
    }
    consumer.assign(List.of(reports));
    consumer.seek(reports, beginning(consumer));
    failing = false;
    long lookedNanos = System.nanoTime();
    while (stop.getCount() > 0) {
      consumer.poll(POLL).forEach(this::tell);
      if (System.nanoTime() - lookedNanos > LOOK_NANOS) {
        partitions = count(consumer, delayed);
        lookedNanos = System.nanoTime();
      }
    }
  }

  private long beginning(Consumer<byte[], byte[]> consumer) {
    // The end first: what comes after this look is wanted in any case.
    long end = consumer.endOffsets(List.of(reports), PATIENCE).getOrDefault(reports, 0L);
    long from = System.currentTimeMillis() - LOOK_BACK.toMillis();
    OffsetAndTimestamp found =
        consumer.offsetsForTimes(Map.of(reports, from), PATIENCE).get(reports);
    return found == null ? end : Math.min(end, found.offset());
  }

  private void tell(ConsumerRecord<byte[], byte[]> record) {
    try {
      listener.accept(DelayedReport.parseFrom(record.value()));
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("record is no report offset={} error={}", record.offset(), e.getMessage());
    }
  }
}
