package io.jimbot.eventbus.gateway.replay;

import io.jimbot.eventbus.service.replay.ReplayBoard;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread {@code replays-tail}: reads the replays topic from its beginning and follows it
 * for as long as the gateway runs. Owner of the consumer. While the topic is not there, since no
 * processor has ever been, or Kafka is away, it looks again after a pause. May be closed twice.
 */
final class ReplayTail implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayTail.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 1_000;
  private static final long PARTITION_CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String topic;
  private final ReplayBoard board;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this, "replays-tail");

  /** What to read next; survives the consumer. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  private boolean failing;

  /** Written by the thread, read by whoever closes, only to wake it up. */
  private volatile @Nullable Consumer<byte[], byte[]> current;

  /** Written by the thread, read by requests; 0 until the topic was found. */
  private volatile int partitions;

  /** Written by the thread, read by requests: all that was there at the start is read. */
  private volatile boolean caughtUp;

  ReplayTail(Supplier<Consumer<byte[], byte[]>> consumers, String topic, ReplayBoard board) {
    this.consumers = consumers;
    this.topic = topic;
    this.board = board;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** How many partitions the topic has; 0 while that is not known. */
  int partitions() {
    return partitions;
  }

  boolean isCaughtUp() {
    return caughtUp;
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
      LOG.debug("replays tail interrupted");
    }
  }

  private void attempt() {
    Consumer<byte[], byte[]> consumer = null;
    try {
      consumer = consumers.get();
      current = consumer;
      follow(consumer);
    } catch (WakeupException e) {
      LOG.debug("replays tail woken up");
    } catch (InvalidOffsetException e) {
      LOG.warn("replays place lost error={}", e.getMessage());
      next.clear();
    } catch (KafkaException e) {
      if (!failing) {
        failing = true;
        LOG.warn("replays not readable, which goes on when Kafka is back error={}", e.toString());
      }
    } finally {
      current = null;
      if (consumer != null) {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> found = find(consumer);
    while (!found.isEmpty() && stop.getCount() > 0) {
      assign(consumer, found);
      Map<TopicPartition, Long> end = consumer.endOffsets(found, PATIENCE);
      partitions = found.size();
      failing = false;
      long looked = System.nanoTime();
      List<TopicPartition> now = found;
      while (stop.getCount() > 0 && now.size() == found.size()) {
        read(consumer);
        caughtUp = caughtUp || end.entrySet().stream().allMatch(this::isReached);
        if (System.nanoTime() - looked > PARTITION_CHECK_NANOS) {
          looked = System.nanoTime();
          now = find(consumer);
        }
      }
      found = now;
    }
  }

  private boolean isReached(Map.Entry<TopicPartition, Long> end) {
    return next.getOrDefault(end.getKey(), 0L) >= end.getValue();
  }

  private List<TopicPartition> find(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, PATIENCE);
    return found == null
        ? List.of()
        : found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
  }

  private void assign(Consumer<byte[], byte[]> consumer, List<TopicPartition> found) {
    Map<TopicPartition, Long> begin = consumer.beginningOffsets(found, PATIENCE);
    consumer.assign(found);
    begin.forEach(
        (partition, oldest) -> {
          next.merge(partition, oldest, Math::max);
          consumer.seek(partition, next.getOrDefault(partition, oldest));
        });
  }

  private void read(Consumer<byte[], byte[]> consumer) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    records.forEach(
        record -> {
          if (!board.add(record)) {
            LOG.debug("no replay partition={} offset={}", record.partition(), record.offset());
          }
        });
    consumer
        .assignment()
        .forEach(partition -> next.put(partition, consumer.position(partition, PATIENCE)));
  }
}
