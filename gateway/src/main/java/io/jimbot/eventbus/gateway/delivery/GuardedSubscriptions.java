package io.jimbot.eventbus.gateway.delivery;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the promise that a {@link Subscriber} does not throw: one that does is a bug, and costs its
 * own subscription, never the thread that feeds all the others. Thread-safe.
 */
public final class GuardedSubscriptions implements Subscriptions {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedSubscriptions.class);

  private final Subscriptions inner;

  /** Around the others, so that whatever they call is guarded. */
  public GuardedSubscriptions(Subscriptions inner) {
    this.inner = inner;
  }

  @Override
  public Subscription open(SubscriptionRequest request, Subscriber subscriber) {
    Guard guard = new Guard(subscriber);
    Subscription opened = inner.open(request, guard);
    guard.belongsTo(opened);
    return opened;
  }

  @Override
  public Settled settle(AckId id, Settlement settlement) {
    return inner.settle(id, settlement);
  }

  /** The fault that a bug's victim is told, with the id that the log has as well. */
  public static SubscriptionFault bug(String what, Throwable bug) {
    String errorId = UUID.randomUUID().toString();
    LOG.error("bug: {} error_id={}", what, errorId, bug);
    return new SubscriptionFault(
        SubscriptionFault.Kind.INTERNAL, "internal", "", "internal error " + errorId);
  }

  /** Lets nothing through once the subscriber has thrown. */
  private static final class Guard implements Subscriber {
    private final Subscriber target;
    private final AtomicBoolean broken = new AtomicBoolean();

    /** Set once, after the subscription was opened. */
    private volatile @Nullable Subscription subscription;

    Guard(Subscriber target) {
      this.target = target;
    }

    void belongsTo(Subscription opened) {
      subscription = opened;
      if (broken.get()) {
        opened.close();
      }
    }

    @Override
    public boolean ready() {
      return !broken.get() && target.ready();
    }

    @Override
    public int room() {
      return broken.get() ? 0 : target.room();
    }

    @Override
    public void started() {
      guarded(target::started);
    }

    @Override
    public void deliver(Delivery delivery) {
      guarded(() -> target.deliver(delivery));
    }

    @Override
    public void flush() {
      guarded(target::flush);
    }

    @Override
    public void ended(SubscriptionFault fault) {
      guarded(() -> target.ended(fault));
    }

    private void guarded(Runnable call) {
      if (broken.get()) {
        return;
      }
      try {
        call.run();
      } catch (RuntimeException bug) {
        giveUp(bug);
      }
    }

    private void giveUp(RuntimeException bug) {
      if (!broken.compareAndSet(false, true)) {
        return;
      }
      Subscription opened = subscription;
      if (opened != null) {
        opened.close();
      }
      try {
        target.ended(bug("a subscriber threw", bug));
      } catch (RuntimeException again) {
        LOG.error("bug: a subscriber threw when it was told of its end", again);
      }
    }
  }
}
