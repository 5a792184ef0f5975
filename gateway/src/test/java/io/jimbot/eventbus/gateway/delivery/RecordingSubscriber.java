package io.jimbot.eventbus.gateway.delivery;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keeps what it is given, while it is ready; fails the test if two calls overlap. */
public final class RecordingSubscriber implements Subscriber {

  private final List<Delivery> deliveries = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch started = new CountDownLatch(1);
  private final AtomicInteger inside = new AtomicInteger();
  private volatile boolean overlapped;
  private volatile boolean ready;
  private volatile int most = Integer.MAX_VALUE;
  private volatile @Nullable SubscriptionFault fault;

  public RecordingSubscriber(boolean ready) {
    this.ready = ready;
  }

  @Override
  public boolean ready() {
    return ready && count() < most;
  }

  /** Is not ready any more once it has that many. */
  public RecordingSubscriber upTo(int count) {
    most = count;
    return this;
  }

  public void setReady(boolean ready) {
    this.ready = ready;
  }

  @Override
  public void started() {
    alone(started::countDown);
  }

  @Override
  public void deliver(Delivery delivery) {
    alone(() -> deliveries.add(delivery));
  }

  @Override
  public void flush() {
    alone(() -> {});
  }

  @Override
  public void ended(SubscriptionFault why) {
    alone(() -> fault = why);
  }

  private void alone(Runnable action) {
    if (inside.getAndIncrement() != 0) {
      overlapped = true;
    }
    action.run();
    inside.decrementAndGet();
  }

  public boolean isStarted() {
    return started.getCount() == 0;
  }

  /** What came so far. */
  public List<Delivery> deliveries() {
    if (overlapped) {
      throw new AssertionError("two calls of the subscriber overlapped");
    }
    synchronized (deliveries) {
      return List.copyOf(deliveries);
    }
  }

  public int count() {
    return deliveries.size();
  }

  public @Nullable SubscriptionFault fault() {
    return fault;
  }

  /** Partition and offset of what came so far, in order. */
  public List<String> places() {
    return deliveries().stream()
        .map(d -> d.event().partition() + "/" + d.event().offset())
        .toList();
  }
}
