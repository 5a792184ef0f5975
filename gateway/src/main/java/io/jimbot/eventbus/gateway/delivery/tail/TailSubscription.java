package io.jimbot.eventbus.gateway.delivery.tail;

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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
  private final Consumer<TailSubscription> reattach;
  private final Consumer<TailSubscription> onClose;
  private final TailMetrics metrics;
  private final @Nullable RepeatMemory repeats;

  /** How many calls of {@link #pass} are not served yet; whoever makes it 1 serves them all. */
  private final AtomicInteger passes = new AtomicInteger();

  private final Window window;
  private final Object gate = new Object();
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Written by whoever ends it, read by whoever serves the passes. */
  private volatile @Nullable SubscriptionFault fault;

  /** Written once by whoever closes it, read anywhere: nothing is done for it any more. */
  private volatile boolean closed;

  /** Only used by whoever serves the passes. */
  private boolean startTold;

  /**
   * Not fed yet.
   *
   * @param windowBytes how many bytes may wait now
   * @param repeatKeys how many of the last events a repeat is recognised among
   * @param reattach asks for a reader
   * @param onClose told once when it is over
   */
  TailSubscription(
      SubscriptionRequest request,
      Subscriber subscriber,
      String log,
      int windowEvents,
      LongSupplier windowBytes,
      int repeatKeys,
      Consumer<TailSubscription> reattach,
      Consumer<TailSubscription> onClose,
      TailMetrics metrics) {
    this.request = request;
    this.subscriber = subscriber;
    this.log = log;
    this.window = new Window(windowEvents, windowBytes);
    this.reattach = reattach;
    this.onClose = onClose;
    this.metrics = metrics;
    this.repeats = request.deduplicate() ? new RepeatMemory(repeatKeys) : null;
  }

  SubscriptionRequest request() {
    return request;
  }

  boolean isClosed() {
    return closed;
  }

  /** Where it stands; null until the start is known. */
  @Nullable Places places() {
    return window.places();
  }

  /** The start is known. */
  void begin(long[] next) {
    window.begin(next);
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
    if (window.isFull()) {
      pass();
    }
    return closed || window.offer(event, this::isWanted);
  }

  private boolean isWanted(StoredEvent event) {
    return !isExpired(event) && !isRepeat(event);
  }

  private boolean isRepeat(StoredEvent event) {
    boolean repeat = repeats != null && repeats.isRepeat(event.idempotencyKey());
    if (repeat) {
      metrics.repeat();
    }
    return repeat;
  }

  private boolean isExpired(StoredEvent event) {
    boolean expired = event.isExpired(System.currentTimeMillis());
    if (expired) {
      metrics.expired();
    }
    return expired;
  }

  /** The reader that feeds it has come that far, and whatever it has not given is not wanted. */
  void advance(long[] next) {
    window.advance(next);
  }

  /** It is over. */
  void end(SubscriptionFault why) {
    fault = why;
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
    if (!closed && window.wantsReader()) {
      reattach.accept(this);
    }
  }

  private int give() {
    int given = 0;
    long bytes = 0;
    for (StoredEvent event = giveNext(); event != null; event = giveNext()) {
      given++;
      bytes += event.size();
    }
    if (given > 0) {
      subscriber.flush();
      metrics.delivered(given, bytes);
    }
    return given;
  }

  private @Nullable StoredEvent giveNext() {
    // Held by drain as well: once that has returned, nothing is delivered.
    synchronized (gate) {
      StoredEvent event = closed || !subscriber.ready() ? null : takeUnexpired();
      if (event != null) {
        subscriber.deliver(Delivery.unacknowledged(event));
        window.given();
      }
      return event;
    }
  }

  private @Nullable StoredEvent takeUnexpired() {
    StoredEvent event = window.take();
    while (event != null && isExpired(event)) {
      window.given();
      event = window.take();
    }
    return event;
  }

  private boolean tellStart() {
    if (!startTold) {
      startTold = window.hasBegun() && fault == null;
      if (startTold) {
        subscriber.started();
      }
    }
    return startTold;
  }

  private void endIfFaulty() {
    SubscriptionFault why = fault;
    if (why != null && !closed) {
      close();
      subscriber.ended(why);
    }
  }

  @Override
  public @Nullable ResumeToken position() {
    Places given = window.placeOfGiven();
    return given == null ? null : ResumeToken.of(log, given.toArray());
  }

  /** Nothing of a tail is acknowledged. */
  @Override
  public Settled settle(AckId id, Settlement settlement) {
    return Settled.NOT_HERE;
  }

  @Override
  public void drain() {
    synchronized (gate) {
      window.shut();
    }
  }

  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      closed = true;
      window.clear();
      onClose.accept(this);
    }
  }

  /** How many bytes wait for the subscriber. */
  long windowBytes() {
    return window.bytes();
  }

  /** Whether its window is full and no reader feeds it. */
  boolean isWaiting() {
    return window.isWaiting();
  }
}
