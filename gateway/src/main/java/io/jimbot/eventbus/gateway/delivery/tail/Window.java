package io.jimbot.eventbus.gateway.delivery.tail;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.gateway.delivery.Places;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one tail subscriber until it is ready, and the place in the log behind it; both
 * bounded and under one lock, so that a place always fits what was given. Calls nobody.
 * Thread-safe.
 */
final class Window {

  private final int maxEvents;
  private final LongSupplier maxBytes;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ArrayDeque<StoredEvent> events = new ArrayDeque<>();

  @GuardedBy("lock")
  private long bytes;

  /** Out of the window, and not yet with the subscriber. */
  @GuardedBy("lock")
  private @Nullable StoredEvent inHand;

  /** What the next event to take is; null until the start is known. */
  @GuardedBy("lock")
  private @Nullable Places places;

  /** No reader feeds it, since it was full; one is asked for when there is room again. */
  @GuardedBy("lock")
  private boolean waiting;

  /** Nothing goes in or out any more. */
  @GuardedBy("lock")
  private boolean shut;

  /**
   * Empty, without a place.
   *
   * @param maxBytes how many may wait now, at least 1; asked each time, and quick
   */
  Window(int maxEvents, LongSupplier maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  /** The start is known. */
  void begin(long[] next) {
    synchronized (lock) {
      places = new Places(next);
    }
  }

  boolean hasBegun() {
    synchronized (lock) {
      return places != null;
    }
  }

  /**
   * Takes an event in and goes on behind it; one that was there before, or that is not wanted after
   * all, is passed over.
   *
   * @param wanted asked once for each new event, under the lock: quick, and calls nobody
   * @return false if there is no room, and from now on no reader
   */
  boolean offer(StoredEvent event, Predicate<StoredEvent> wanted) {
    synchronized (lock) {
      if (places == null || event.offset() < places.next(event.partition())) {
        return true;
      }
      if (shut || full()) {
        waiting = true;
        return false;
      }
      if (wanted.test(event)) {
        events.add(event);
        bytes += event.size();
      }
      places.advance(event.partition(), event.offset() + 1);
      return true;
    }
  }

  boolean isFull() {
    synchronized (lock) {
      return full();
    }
  }

  @GuardedBy("lock")
  private boolean full() {
    return events.size() >= maxEvents || bytes >= maxBytes.getAsLong();
  }

  /** Whatever lies before a place and is not here was not wanted, unless nothing goes in. */
  void advance(long[] next) {
    synchronized (lock) {
      if (places != null && !shut) {
        for (int partition = 0; partition < next.length; partition++) {
          places.advance(partition, next[partition]);
        }
      }
    }
  }

  /** The oldest event, in hand until {@link #given}; null if there is none. */
  @Nullable StoredEvent take() {
    synchronized (lock) {
      StoredEvent event = shut ? null : events.poll();
      inHand = event;
      if (event != null) {
        bytes -= event.size();
      }
      return event;
    }
  }

  /** What was in hand is with the subscriber. */
  void given() {
    synchronized (lock) {
      inHand = null;
    }
  }

  /**
   * Whether a reader is to be asked for; true once each time. At a half of the window, so that none
   * is called for every single event.
   */
  boolean wantsReader() {
    synchronized (lock) {
      boolean wants =
          waiting && !shut && events.size() <= maxEvents / 2 && bytes <= maxBytes.getAsLong() / 2;
      if (wants) {
        waiting = false;
      }
      return wants;
    }
  }

  /** Where the next event is taken from the log; null until the start is known. */
  @Nullable Places places() {
    synchronized (lock) {
      return places == null ? null : places.copy();
    }
  }

  /** Where to go on behind all that was given; null until the start is known. */
  @Nullable Places placeOfGiven() {
    synchronized (lock) {
      if (places == null) {
        return null;
      }
      Places given = places.copy();
      if (inHand != null) {
        given.retreat(inHand.partition(), inHand.offset());
      }
      for (StoredEvent event : events) {
        given.retreat(event.partition(), event.offset());
      }
      return given;
    }
  }

  /** Lets nothing in or out any more; the place stays. */
  void shut() {
    synchronized (lock) {
      shut = true;
    }
  }

  /** Forgets what waits; the place goes back before it. */
  void clear() {
    synchronized (lock) {
      places = placeOfGiven();
      shut = true;
      events.clear();
      bytes = 0;
    }
  }

  /** Bytes that wait. */
  long bytes() {
    synchronized (lock) {
      return bytes;
    }
  }

  /** Whether it is full and no reader feeds it. */
  boolean isWaiting() {
    synchronized (lock) {
      return waiting;
    }
  }
}
