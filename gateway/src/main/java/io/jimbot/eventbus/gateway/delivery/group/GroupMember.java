package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.telemetry.GroupMetrics;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One member of a group as its transport holds it. Its {@link GroupReader} feeds the leases; this
 * hands out what may be delivered, one call of the subscriber at a time. Thread-safe.
 */
final class GroupMember implements Subscription {

  private final Subscriber subscriber;
  private final MemberLeases leases;
  private final GroupMetrics metrics;
  private final Runnable onRoom;
  private final Runnable onClose;

  /** How many calls of {@link #pass} are not served yet; whoever makes it 1 serves them all. */
  private final AtomicInteger passes = new AtomicInteger();

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
   * @param onRoom told when something was settled, so that reading may go on
   * @param onClose told when it is over, perhaps several times
   */
  GroupMember(
      Subscriber subscriber,
      MemberLeases leases,
      GroupMetrics metrics,
      Runnable onRoom,
      Runnable onClose) {
    this.subscriber = subscriber;
    this.leases = leases;
    this.metrics = metrics;
    this.onRoom = onRoom;
    this.onClose = onClose;
  }

  /** It takes part in the group. */
  void begin() {
    if (!started) {
      started = true;
      pass();
    }
  }

  /** It is over. */
  void end(SubscriptionFault why) {
    fault = why;
    metrics.refused(why.reason());
    pass();
  }

  boolean isClosed() {
    return closed;
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
    int given = 0;
    while (!closed && !drained && subscriber.ready()) {
      Delivery next = leases.next();
      if (next == null) {
        break;
      }
      subscriber.deliver(next);
      given++;
    }
    if (given > 0) {
      subscriber.flush();
      metrics.delivered(given);
    }
  }

  @Override
  public void resume() {
    pass();
  }

  @Override
  public @Nullable ResumeToken position() {
    return null;
  }

  @Override
  public Settled settle(AckId id, Settlement settlement) {
    if (closed) {
      return Settled.NOT_HERE;
    }
    Settled result = leases.settle(id, settlement);
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
    drained = true;
  }

  @Override
  public void close() {
    closed = true;
    onClose.run();
  }
}
