package io.jimbot.eventbus.gateway.ingest;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.kafka.PublishCallback;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Does not publish again what it knows to be stored: the answer is that of the first time, marked
 * as a repeat. A record whose first copy is still under way shares the outcome of that one. What is
 * remembered is bounded in number and time, and only this gateway's own. Thread-safe.
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

  /** The first of equal records, and what becomes of it. */
  private record First(long sinceNanos, CompletableFuture<PublishOutcome> outcome) {}

  @Override
  public void publish(ProducerRecord<byte[], byte[]> record, PublishCallback callback) {
    ByteBuffer key =
        ByteBuffer.wrap(record.headers().lastHeader(HeaderNames.IDEMPOTENCY_KEY).value());
    First mine = new First(nanoClock.getAsLong(), new CompletableFuture<>());
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
      if (first != null && !isOld(first, mine.sinceNanos())) {
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
      if (!isOld(oldest.next(), nowNanos) && known.size() < maxKeys) {
        return;
      }
      oldest.remove();
    }
  }

  private boolean isOld(First first, long nowNanos) {
    return nowNanos - first.sinceNanos() >= windowNanos;
  }

  private void forget(ByteBuffer key, First mine) {
    synchronized (lock) {
      known.remove(key, mine);
    }
  }
}
