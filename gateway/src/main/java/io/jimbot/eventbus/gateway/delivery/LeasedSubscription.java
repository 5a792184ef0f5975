package io.jimbot.eventbus.gateway.delivery;

import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group or queue as its transport holds it. A reader feeds the leases; this hands out
 * what may be delivered, one call of the subscriber at a time. Thread-safe.
 */
public final class LeasedSubscription implements Subscription {

  private final long id;
  private final Subscriber subscriber;
  private final Leases leases;
  private final MemberMetrics metrics;
  private final Runnable onRoom;
  private final Runnable onClose;

  /** How many calls of {@link #pass} are not served yet; whoever makes it 1 serves them all. */
  private final AtomicInteger passes = new AtomicInteger();

  private final Object gate = new Object();

  private volatile boolean started;
  private volatile boolean drained;
  private volatile boolean closed;
  private volatile @Nullable SubscriptionFault fault;

  /** Only used by whoever serves the passes. */
  private boolean startTold;

  private boolean endTold;

  /**
   * Not fed yet.
   *
   * @param id what its acknowledgement ids say
   * @param onRoom told when something was settled, so that reading may go on
   * @param onClose told when it is over, perhaps several times
   */
  public LeasedSubscription(
      long id,
      Subscriber subscriber,
      Leases leases,
      MemberMetrics metrics,
      Runnable onRoom,
      Runnable onClose) {
    this.id = id;
    this.subscriber = subscriber;
    this.leases = leases;
    this.metrics = metrics;
    this.onRoom = onRoom;
    this.onClose = onClose;
  }

  /** It takes part. */
  public void begin() {
    if (!started) {
      started = true;
      pass();
    }
  }

  /** It is over. */
  public void end(SubscriptionFault why) {
    fault = why;
    metrics.refused(why.reason());
    pass();
  }

  /** How many deliveries it would take now. */
  public int room() {
    return started && !drained && !closed ? subscriber.room() : 0;
  }

  /** Whether it takes no delivery any more. */
  public boolean isDrained() {
    return drained;
  }

  /** Gives the subscriber what it can take. Called by anyone, at any time. */
  public void pass() {
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
    SubscriptionFault why = fault;
    if (why != null) {
      if (!endTold && !closed) {
        endTold = true;
        close();
        subscriber.ended(why);
      }
      return;
    }
    if (closed || !started) {
      return;
    }
    if (!startTold) {
      startTold = true;
      subscriber.started();
    }
    // A transport may become ready within the flush, and not say so afterwards.
    for (int given = deliver(); given > 0; given = deliver()) {
      subscriber.flush();
      metrics.delivered(given);
    }
  }

  private int deliver() {
    int given = 0;
    while (deliverNext()) {
      given++;
    }
    return given;
  }

  private boolean deliverNext() {
    // Held by drain as well: once that has returned, nothing is delivered.
    synchronized (gate) {
      if (closed || drained || !subscriber.ready()) {
        return false;
      }
      Delivery next = leases.next();
      if (next != null) {
        subscriber.deliver(next);
      }
      return next != null;
    }
  }

  @Override
  public void resume() {
    onRoom.run();
    pass();
  }

  @Override
  public @Nullable ResumeToken position() {
    return null;
  }

  @Override
  public Settled settle(AckId delivery, Settlement settlement) {
    // Another subscription's place is one of other deliveries here, perhaps of none.
    if (closed || delivery.subscription() != id) {
      return Settled.NOT_HERE;
    }
    Settled result = leases.settle(delivery, settlement);
    if (result == Settled.DONE) {
      metrics.settled(settlement.getClass().getSimpleName().toLowerCase(Locale.ROOT));
      onRoom.run();
      pass();
    } else {
      metrics.late();
    }
    return result;
  }

  @Override
  public void drain() {
    synchronized (gate) {
      drained = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    onClose.run();
  }
}
