package io.jimbot.eventbus.gateway.delivery.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Tells which events of a queue repeat an earlier one. The workers of a queue share nothing by
 * which to know, but the log itself does: an event is a repeat if one with its idempotency key lies
 * before it in its partition, whichever worker of whichever gateway has that one. So this reads the
 * log beside the queue, once for all its workers at a gateway, and remembers where the last keys
 * lay first. Thread-safe; one thread reads at a time, and the others wait for it.
 */
final class LogRepeats implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  /** The worker's deliveries, and Kafka's locks on its events, wait for so long at most. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(2).toNanos();

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final int maxKeys;
  private final ReentrantLock lock = new ReentrantLock();

  /** Where a key lay first; the one that was read first comes first. */
  @GuardedBy("lock")
  private final Map<Key, Long> first = new LinkedHashMap<>();

  /** What is to be read next, of the partitions that were asked for. */
  @GuardedBy("lock")
  private final Map<TopicPartition, Long> next = new HashMap<>();

  /** Written under the lock; read by others only to wake it up. */
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  /** Written by whoever stops it, once; read by whoever reads the log. */
  private volatile boolean stopped;

  private record Key(int partition, ByteBuffer idempotencyKey) {}

  /**
   * Does no I/O.
   *
   * @param consumers makes a consumer without a group
   * @param maxKeys among how many of the last events a repeat is recognised; some 150 bytes each
   */
  LogRepeats(Supplier<Consumer<byte[], byte[]>> consumers, int maxKeys) {
    this.consumers = consumers;
    this.maxKeys = maxKeys;
  }

  /**
   * The repeats among some events; reads the log as far as these lie. Blocks.
   *
   * @throws TimeoutException if the log could not be read that far in time; asked again, it goes on
   *     where it was
   * @throws KafkaException if it cannot be read; asked again, it begins with a new consumer
   * @throws WakeupException if it is stopped
   */
  Set<ConsumerRecord<byte[], byte[]>> among(Iterable<ConsumerRecord<byte[], byte[]>> events) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    Map<TopicPartition, Long> begins = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> event : events) {
      TopicPartition partition = new TopicPartition(event.topic(), event.partition());
      ends.merge(partition, event.offset() + 1, Math::max);
      begins.merge(partition, event.offset(), Math::min);
    }
    takeLock();
    try {
      readTo(ends, begins);
      return repeatsAmong(events);
    } finally {
      lock.unlock();
    }
  }

  private void takeLock() {
    try {
      if (!lock.tryLock(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
        throw new TimeoutException("another worker of the queue has not read the log yet");
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @GuardedBy("lock")
  private Set<ConsumerRecord<byte[], byte[]>> repeatsAmong(
      Iterable<ConsumerRecord<byte[], byte[]>> events) {
    Set<ConsumerRecord<byte[], byte[]>> repeats = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> event : events) {
      Long offset = first.get(key(new StoredEvent(event)));
      if (offset != null && offset < event.offset()) {
        repeats.add(event);
      }
    }
    return repeats;
  }

  @GuardedBy("lock")
  private void readTo(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> begins) {
    try {
      failIfStopped();
      begins.forEach(this::begin);
      List<TopicPartition> behind = behind(ends);
      if (!behind.isEmpty()) {
        read(reader(), behind, ends);
      }
    } catch (TimeoutException e) {
      throw e;
    } catch (KafkaException e) {
      closeConsumer();
      throw e;
    }
  }

  @GuardedBy("lock")
  private void begin(TopicPartition partition, long oldestAsked) {
    if (!next.containsKey(partition)) {
      long oldest = reader().beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
      int share = maxKeys / reader().partitionsFor(partition.topic()).size();
      next.put(partition, Math.max(oldest, oldestAsked - share));
    }
  }

  @GuardedBy("lock")
  private List<TopicPartition> behind(Map<TopicPartition, Long> ends) {
    List<TopicPartition> behind = new ArrayList<>();
    ends.forEach(
        (partition, end) -> {
          if (next.getOrDefault(partition, 0L) < end) {
            behind.add(partition);
          }
        });
    return behind;
  }

  @GuardedBy("lock")
  private void read(
      Consumer<byte[], byte[]> reader,
      List<TopicPartition> behind,
      Map<TopicPartition, Long> ends) {
    reader.assign(behind);
    behind.forEach(partition -> reader.seek(partition, next.getOrDefault(partition, 0L)));
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!behind(ends).isEmpty()) {
      failIfStopped();
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("the log is not read yet as far as the queue has come");
      }
      try {
        reader.poll(POLL).forEach(this::remember);
      } catch (OffsetOutOfRangeException e) {
        // Retention was faster: what is deleted repeats nothing that is still there.
        reader.seekToBeginning(e.partitions());
      }
      behind.forEach(partition -> next.put(partition, reader.position(partition)));
    }
  }

  @GuardedBy("lock")
  private void remember(ConsumerRecord<byte[], byte[]> record) {
    StoredEvent event = new StoredEvent(record);
    if (event.isExpired(System.currentTimeMillis())) {
      // Perhaps nobody had it: what comes again after that is no repeat.
      return;
    }
    first.putIfAbsent(key(event), record.offset());
    if (first.size() > maxKeys) {
      Iterator<Key> oldest = first.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  private static Key key(StoredEvent event) {
    byte[] key = event.idempotencyKey();
    // One without a key, which no gateway wrote, is its own.
    ByteBuffer known =
        key != null
            ? ByteBuffer.wrap(key)
            : ByteBuffer.allocate(Long.BYTES).putLong(0, event.offset());
    return new Key(event.partition(), known);
  }

  @GuardedBy("lock")
  private Consumer<byte[], byte[]> reader() {
    Consumer<byte[], byte[]> made = consumer;
    if (made == null) {
      made = consumers.get();
      consumer = made;
      // Whoever stops it now wakes up the consumer, or was here before.
      failIfStopped();
    }
    return made;
  }

  private void failIfStopped() {
    if (stopped) {
      throw new WakeupException();
    }
  }

  /** Whoever reads or waits fails soon, and whoever asks later at once; does not wait. */
  void stop() {
    stopped = true;
    Consumer<byte[], byte[]> made = consumer;
    if (made != null) {
      made.wakeup();
    }
  }

  /** The same; waits for the end of the reading in bounded time. May be called twice. */
  @Override
  public void close() {
    stop();
    try {
      // Whoever has the lock for longer closes the consumer itself, since its reading fails.
      if (lock.tryLock(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          closeConsumer();
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @GuardedBy("lock")
  private void closeConsumer() {
    Consumer<byte[], byte[]> made = consumer;
    consumer = null;
    if (made != null) {
      made.close(CloseOptions.timeout(CLOSE_PATIENCE));
    }
  }
}
