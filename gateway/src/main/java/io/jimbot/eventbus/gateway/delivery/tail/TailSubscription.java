package io.jimbot.eventbus.gateway.delivery.tail;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.Places;
import io.jimbot.eventbus.gateway.delivery.RepeatMemory;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.telemetry.TailMetrics;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One tail subscriber: its place in the log and its window of events that wait until it is ready.
 *
 * <p>One reader at a time feeds it: the shared reader while it keeps up, a catch-up reader while it
 * is behind, none while its window is full. Whoever has something for the subscriber calls {@link
 * #pass}; the calls to the subscriber are made one at a time, outside the lock. Thread-safe.
 */
final class TailSubscription implements Subscription {

  private final SubscriptionRequest request;
  private final Subscriber subscriber;
  private final String log;
  private final int maxEvents;
  private final long maxBytes;
  private final Consumer<TailSubscription> reattach;
  private final Consumer<TailSubscription> onClose;
  private final TailMetrics metrics;
  private final @Nullable RepeatMemory repeats;

  /** How many calls of {@link #pass} are not served yet; whoever makes it 1 serves them all. */
  private final AtomicInteger passes = new AtomicInteger();

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ArrayDeque<StoredEvent> window = new ArrayDeque<>();

  @GuardedBy("lock")
  private long windowBytes;

  /** Out of the window, and not yet with the subscriber. */
  @GuardedBy("lock")
  private @Nullable StoredEvent inHand;

  /** What the next event to take is; null until the start is known. */
  @GuardedBy("lock")
  private @Nullable Places places;

  /** No reader feeds it, since the window was full; one is asked for when there is room again. */
  @GuardedBy("lock")
  private boolean waiting;

  @GuardedBy("lock")
  private boolean drained;

  @GuardedBy("lock")
  private @Nullable SubscriptionFault fault;

  /** Written under the lock, read anywhere: nothing is done for it any more. */
  private volatile boolean closed;

  /** Only used by whoever serves the passes. */
  private boolean startTold;

  /**
   * Not fed yet.
   *
   * @param reattach asks for a reader
   * @param onClose told once when it is over
   */
  TailSubscription(
      SubscriptionRequest request,
      Subscriber subscriber,
      String log,
      TailSettings settings,
      Consumer<TailSubscription> reattach,
      Consumer<TailSubscription> onClose,
      TailMetrics metrics) {
    this.request = request;
    this.subscriber = subscriber;
    this.log = log;
    this.maxEvents = settings.windowEvents();
    this.maxBytes = settings.windowSize().toBytes();
    this.reattach = reattach;
    this.onClose = onClose;
    this.metrics = metrics;
    this.repeats = request.deduplicate() ? new RepeatMemory(settings.repeatKeys()) : null;
  }

  SubscriptionRequest request() {
    return request;
  }

  boolean isClosed() {
    return closed;
  }

  /** Where it stands; null until the start is known. */
  @Nullable Places places() {
    synchronized (lock) {
      return places == null ? null : new Places(places.toArray());
    }
  }

  /** The start is known. */
  void begin(long[] next) {
    synchronized (lock) {
      places = new Places(next);
    }
    pass();
  }

  /** Remembers an event from before the start, so that its repetition is recognised. */
  void remember(StoredEvent event) {
    if (repeats != null) {
      repeats.isRepeat(event.idempotencyKey());
    }
  }

  /**
   * Takes an event that the filter wants; called by the one reader that feeds it, in the order of
   * each partition. If the window is full, the subscriber first gets what it can take of it, so
   * that one who reads keeps its reader however small the window is.
   *
   * @return false if there is no room: the reader must stop feeding, and another is asked for when
   *     there is room again
   */
  boolean take(StoredEvent event) {
    if (isFull()) {
      pass();
    }
    synchronized (lock) {
      if (closed || places == null || event.offset() < places.next(event.partition())) {
        return true;
      }
      if (drained || full()) {
        waiting = true;
        return false;
      }
      places.advance(event.partition(), event.offset() + 1);
      if (isExpired(event)) {
        return true;
      }
      if (repeats != null && repeats.isRepeat(event.idempotencyKey())) {
        metrics.repeat();
        return true;
      }
      window.add(event);
      windowBytes += event.value().length;
      return true;
    }
  }

  private boolean isExpired(StoredEvent event) {
    boolean expired = event.isExpired(System.currentTimeMillis());
    if (expired) {
      metrics.expired();
    }
    return expired;
  }

  private boolean isFull() {
    synchronized (lock) {
      return full();
    }
  }

  @GuardedBy("lock")
  private boolean full() {
    return window.size() >= maxEvents || windowBytes >= maxBytes;
  }

  /** The reader that feeds it has come that far, and whatever it has not given is not wanted. */
  void advance(long[] next) {
    synchronized (lock) {
      if (places != null) {
        for (int partition = 0; partition < next.length; partition++) {
          places.advance(partition, next[partition]);
        }
      }
    }
  }

  /** It is over. */
  void end(SubscriptionFault why) {
    synchronized (lock) {
      fault = why;
    }
    pass();
  }

  @Override
  public void resume() {
    pass();
  }

  /** Gives the subscriber what it can take. Called by anyone, at any time. */
  void pass() {
    if (passes.getAndIncrement() != 0) {
      return;
    }
    int served = 1;
    do {
      serve();
      served = passes.addAndGet(-served);
    } while (served != 0);
  }

  private void serve() {
    if (closed || !tellStart()) {
      endIfFaulty();
      return;
    }
    // A flush may make it ready again without anybody telling: so until nothing more is given.
    boolean more = true;
    while (more) {
      more = give() > 0;
    }
    endIfFaulty();
    if (hasRoomAgain()) {
      reattach.accept(this);
    }
  }

  private int give() {
    int given = 0;
    long bytes = 0;
    while (!closed && subscriber.ready()) {
      StoredEvent event = poll();
      if (event == null) {
        break;
      }
      if (!isExpired(event)) {
        subscriber.deliver(Delivery.unacknowledged(event));
        given++;
        bytes += event.value().length;
      }
      synchronized (lock) {
        inHand = null;
      }
    }
    if (given > 0) {
      subscriber.flush();
      metrics.delivered(given, bytes);
    }
    return given;
  }

  private boolean tellStart() {
    if (!startTold) {
      synchronized (lock) {
        startTold = places != null && fault == null;
      }
      if (startTold) {
        subscriber.started();
      }
    }
    return startTold;
  }

  private @Nullable StoredEvent poll() {
    synchronized (lock) {
      StoredEvent event = drained ? null : window.poll();
      inHand = event;
      if (event != null) {
        windowBytes -= event.value().length;
      }
      return event;
    }
  }

  /** Half of the window, so that a reader is not called for every single event. */
  private boolean hasRoomAgain() {
    synchronized (lock) {
      boolean room =
          waiting
              && !closed
              && !drained
              && window.size() <= maxEvents / 2
              && windowBytes <= maxBytes / 2;
      if (room) {
        waiting = false;
      }
      return room;
    }
  }

  private void endIfFaulty() {
    SubscriptionFault why;
    synchronized (lock) {
      why = closed ? null : fault;
    }
    if (why != null) {
      close();
      subscriber.ended(why);
    }
  }

  @Override
  public @Nullable ResumeToken position() {
    synchronized (lock) {
      if (places == null) {
        return null;
      }
      Places given = new Places(places.toArray());
      if (inHand != null) {
        given.retreat(inHand.partition(), inHand.offset());
      }
      for (StoredEvent event : window) {
        given.retreat(event.partition(), event.offset());
      }
      return ResumeToken.of(log, given.toArray());
    }
  }

  /** Nothing of a tail is acknowledged. */
  @Override
  public Settled settle(AckId id, Settlement settlement) {
    return Settled.NOT_HERE;
  }

  @Override
  public void drain() {
    synchronized (lock) {
      drained = true;
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      window.clear();
      windowBytes = 0;
    }
    onClose.accept(this);
  }

  /** How many events and bytes wait for the subscriber. */
  long windowBytes() {
    synchronized (lock) {
      return windowBytes;
    }
  }

  /** Whether its window is full and no reader feeds it. */
  boolean isWaiting() {
    synchronized (lock) {
      return waiting;
    }
  }
}
