package io.jimbot.eventbus.gateway.delivery.tail;

import io.jimbot.eventbus.gateway.delivery.LogReader;
import io.jimbot.eventbus.gateway.delivery.Places;
import io.jimbot.eventbus.gateway.telemetry.TailMetrics;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread {@code tail-shared}, with the one consumer that feeds all tail subscribers that
 * keep up. Without subscribers it fetches nothing.
 *
 * <p>A subscriber comes by {@link #join}: at once if its place is among the recent events, else by
 * way of a catch-up reader. One whose window is full is let go, and its place is its own again.
 * Kafka away: a new consumer goes on at the same place; nobody is told, nothing is missed.
 */
final class SharedReader implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(SharedReader.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final long IDLE_MILLIS = 500;
  private static final long PAUSE_MILLIS = 200;
  private static final long PARTITION_CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Supplier<LogReader> readers;
  private final long maxRecentBytes;
  private final Consumer<TailSubscription> behind;
  private final TailMetrics metrics;
  private final Thread thread = new Thread(this, "tail-shared");
  private final CountDownLatch stop = new CountDownLatch(1);

  /** Filled by anyone, emptied by the thread; each subscription is in it once at most. */
  private final BlockingQueue<Join> joining = new LinkedBlockingQueue<>();

  private final Audience audience = new Audience();

  /** Somebody who wants to be fed, and whether he is at the log's end, or was just now. */
  private record Join(TailSubscription subscription, boolean atEnd) {}

  /** What the next poll begins with; null while there is nobody to read for. */
  private @Nullable Places places;

  private int partitions;
  private long partitionsCheckedNanos;
  private boolean failing;

  /** Written by the thread, read by catch-up readers and metrics; null while nothing is read. */
  private volatile @Nullable RecentEvents recent;

  /** Written by the thread, read by others only to wake it up. */
  private volatile @Nullable LogReader current;

  /** Written by the thread, read for the metrics. */
  private volatile long lag;

  /**
   * Does no I/O.
   *
   * @param behind takes a subscriber whose place is before the recent events
   */
  SharedReader(
      Supplier<LogReader> readers,
      long maxRecentBytes,
      Consumer<TailSubscription> behind,
      TailMetrics metrics) {
    this.readers = readers;
    this.maxRecentBytes = maxRecentBytes;
    this.behind = behind;
    this.metrics = metrics;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Asks that a subscriber be fed from its place on, wherever that is. */
  void join(TailSubscription subscription) {
    join(new Join(subscription, false));
  }

  /**
   * Asks that a subscriber be fed which is at the log's end: from its place on, or from now on if
   * it has none yet.
   */
  void joinAtEnd(TailSubscription subscription) {
    join(new Join(subscription, true));
  }

  private void join(Join request) {
    joining.add(request);
    wakeUp();
  }

  private void wakeUp() {
    LogReader reader = current;
    if (reader != null) {
      reader.wakeup();
    }
  }

  /** The place from which on a subscriber can join at once; null while nothing is read. */
  long @Nullable [] recentBegin() {
    RecentEvents events = recent;
    return events == null ? null : events.begin();
  }

  long recentBytes() {
    RecentEvents events = recent;
    return events == null ? 0 : events.bytes();
  }

  /** How many events the log has beyond the last one read. */
  long lag() {
    return lag;
  }

  /** Ends the thread; waits for it at most that long. */
  void close(Duration patience) throws InterruptedException {
    stop.countDown();
    wakeUp();
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
      LOG.debug("shared tail reader interrupted");
    }
  }

  private void attempt() throws InterruptedException {
    try (LogReader reader = readers.get()) {
      current = reader;
      boolean placed = false;
      while (stop.getCount() > 0) {
        placed = placed || goBack(reader);
        if (placed) {
          turn(reader);
        }
      }
    } catch (OffsetOutOfRangeException e) {
      // The events are gone before the fastest reader got them; each subscriber finds out by
      // itself.
      LOG.error("tail reader lost its place error={}", e.getMessage());
      disband();
    } catch (KafkaException e) {
      failed(e);
    } catch (RuntimeException bug) {
      // Whom it concerns meets it again when it is read for alone, and only that one ends.
      metrics.outage("shared");
      LOG.error("bug: the shared tail reader threw; each subscriber reads on alone", bug);
      disband();
    } finally {
      current = null;
    }
  }

  private void failed(KafkaException e) {
    if (!failing && stop.getCount() > 0) {
      failing = true;
      metrics.outage("shared");
      LOG.warn("tail reading interrupted, goes on when Kafka is back error={}", e.toString());
    }
  }

  /** Whether reading goes on where it was; else somebody has woken it up, and it tries again. */
  private boolean goBack(LogReader reader) {
    try {
      if (places != null) {
        partitions = reader.learnPartitions();
        reader.seek(places);
      }
      return true;
    } catch (WakeupException e) {
      LOG.trace("tail reader woken up");
      return false;
    }
  }

  private void turn(LogReader reader) throws InterruptedException {
    try {
      attachThoseThatCame(reader);
      if (places != null) {
        poll(reader, places);
      }
    } catch (WakeupException e) {
      LOG.trace("tail reader woken up");
    }
  }

  private void attachThoseThatCame(LogReader reader) throws InterruptedException {
    if (places == null) {
      Join first = joining.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
      if (first != null && first.atEnd()) {
        begin(reader, first);
      } else if (first != null) {
        behind.accept(first.subscription());
      }
    }
    Join next = places == null ? null : joining.poll();
    while (next != null) {
      attach(next.subscription());
      next = joining.poll();
    }
  }

  /** The first subscriber says where reading begins. */
  private void begin(LogReader reader, Join first) {
    try {
      partitions = reader.learnPartitions();
      Places own = first.subscription().places();
      Places from = own == null ? new Places(reader.end()) : own;
      reader.seek(from);
      recent = new RecentEvents(maxRecentBytes, from.toArray());
      places = from;
    } finally {
      // It is attached with the others, or tried again after an outage.
      joining.add(first);
    }
  }

  private void attach(TailSubscription subscription) {
    RecentEvents events = recent;
    Places at = places;
    if (subscription.isClosed() || events == null || at == null) {
      return;
    }
    Places own = subscription.places();
    if (own == null) {
      subscription.begin(at.toArray());
    } else if (!own.reaches(events.begin())) {
      behind.accept(subscription);
      return;
    } else if (!replay(events, own, subscription)) {
      subscription.pass();
      return;
    }
    metrics.joined();
    audience.add(subscription);
  }

  private static boolean replay(RecentEvents events, Places from, TailSubscription subscription) {
    for (StoredEvent event : events) {
      boolean isNew = event.offset() >= from.next(event.partition());
      if (isNew && subscription.request().filter().matches(event) && !subscription.take(event)) {
        return false;
      }
    }
    return true;
  }

  private void poll(LogReader reader, Places at) {
    ConsumerRecords<byte[], byte[]> records = reader.poll(POLL);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      StoredEvent event = new StoredEvent(record);
      at.advance(record.partition(), record.offset() + 1);
      remember(event);
      if (!event.isEvent()) {
        metrics.unreadable();
      }
      audience.offer(event);
    }
    metrics.readByShared(records.count());
    lag = Math.max(0, reader.lag());
    for (int left = audience.finishRound(at.toArray()); left > 0; left--) {
      metrics.left();
    }
    if (failing) {
      failing = false;
      LOG.info("tail reading goes on");
    }
    if (audience.isEmpty()) {
      rest();
      reader.rest();
    } else {
      findNewPartitions(reader, at);
    }
  }

  private void remember(StoredEvent event) {
    RecentEvents events = recent;
    if (events != null) {
      events.add(event);
    }
  }

  private void disband() {
    rest();
    audience.disband(behind);
  }

  private void rest() {
    places = null;
    recent = null;
    lag = 0;
  }

  private void findNewPartitions(LogReader reader, Places at) {
    long now = System.nanoTime();
    if (now - partitionsCheckedNanos > PARTITION_CHECK_NANOS) {
      partitionsCheckedNanos = now;
      int before = partitions;
      partitions = reader.learnPartitions();
      if (partitions > before) {
        LOG.info("the log has grown partitions={} before={}", partitions, before);
        reader.seek(at);
      }
    }
  }
}
