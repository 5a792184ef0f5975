package io.jimbot.eventbus.gateway.ingest;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.kafka.PublishCallback;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.service.record.HeaderTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Does not publish again what it knows to be stored: the answer is that of the first time, marked
 * as a repeat. A record whose first copy is still under way shares the outcome of that one. What is
 * remembered is bounded in number and time, and only this gateway's own.
 *
 * <p>Only what subscribers still get is known: an event that waits for its time may be taken back,
 * and one whose time to live is over comes to nobody; to answer another copy with these would lose
 * it. Thread-safe.
 */
final class OncePublisher implements Publisher {

  private final Publisher publisher;
  private final int maxKeys;
  private final long windowNanos;
  private final LongSupplier nanoClock;
  private final Object lock = new Object();

  /** By idempotency key; the oldest first. */
  @GuardedBy("lock")
  private final Map<ByteBuffer, First> known = new LinkedHashMap<>();

  /**
   * Knows none.
   *
   * @param publisher takes what is new
   * @param maxKeys how many of the last records are remembered
   * @param window how long each is remembered at most
   * @param nanoClock tells the time
   */
  OncePublisher(Publisher publisher, int maxKeys, Duration window, LongSupplier nanoClock) {
    this.publisher = publisher;
    this.maxKeys = maxKeys;
    this.windowNanos = window.toNanos();
    this.nanoClock = nanoClock;
  }

  /** The first of equal records, for how long it stands for others, and what becomes of it. */
  private record First(long sinceNanos, long lifeNanos, CompletableFuture<PublishOutcome> outcome) {

    boolean isOld(long nowNanos) {
      return nowNanos - sinceNanos >= lifeNanos;
    }
  }

  @Override
  public void publish(ProducerRecord<byte[], byte[]> record, PublishCallback callback) {
    if (record.headers().lastHeader(HeaderNames.DELIVER_AT) != null) {
      publisher.publish(record, callback);
      return;
    }
    ByteBuffer key =
        ByteBuffer.wrap(record.headers().lastHeader(HeaderNames.IDEMPOTENCY_KEY).value());
    First mine = new First(nanoClock.getAsLong(), lifeNanos(record), new CompletableFuture<>());
    First first = remember(key, mine);
    if (first != null) {
      var unused = first.outcome().thenAccept(outcome -> callback.onOutcome(repeated(outcome)));
      return;
    }
    publisher.publish(
        record,
        outcome -> {
          if (!(outcome instanceof PublishOutcome.Stored)) {
            forget(key, mine);
          }
          try {
            callback.onOutcome(outcome);
          } finally {
            // Whatever the callback does: those that wait are told.
            mine.outcome().complete(outcome);
          }
        });
  }

  /** The window, or until the event expires: that is told from when it was taken in. */
  private long lifeNanos(ProducerRecord<byte[], byte[]> record) {
    Header expiry = record.headers().lastHeader(HeaderNames.EXPIRES_AT);
    if (expiry == null) {
      return windowNanos;
    }
    long lifeMillis = HeaderTime.millis(expiry.value(), Long.MAX_VALUE) - record.timestamp();
    return Math.min(windowNanos, TimeUnit.MILLISECONDS.toNanos(lifeMillis));
  }

  private static PublishOutcome repeated(PublishOutcome outcome) {
    return outcome.match(
        stored ->
            new PublishOutcome.Stored(stored.topic(), stored.partition(), stored.offset(), true),
        unavailable -> unavailable,
        impossible -> impossible);
  }

  /** Remembers a record, unless an equal one is known: then that one is answered. */
  private @Nullable First remember(ByteBuffer key, First mine) {
    synchronized (lock) {
      First first = known.get(key);
      if (first != null && !first.isOld(mine.sinceNanos())) {
        return first;
      }
      known.remove(key);
      makeRoom(mine.sinceNanos());
      known.put(key, mine);
      return null;
    }
  }

  @GuardedBy("lock")
  private void makeRoom(long nowNanos) {
    Iterator<First> oldest = known.values().iterator();
    while (oldest.hasNext()) {
      if (!oldest.next().isOld(nowNanos) && known.size() < maxKeys) {
        return;
      }
      oldest.remove();
    }
  }

  private void forget(ByteBuffer key, First mine) {
    synchronized (lock) {
      known.remove(key, mine);
    }
  }
}
