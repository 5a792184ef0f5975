package io.jimbot.eventbus.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.TopicPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GuardedSubscriptionsTest {

  private static final SubscriptionRequest REQUEST =
      new SubscriptionRequest(
          new EventFilter(List.of(new TopicPattern("**")), Set.of(), Set.of(), Set.of(), Map.of()),
          new Start.Now(),
          new Sharing.Tail(),
          false);

  private final OneSubscription inner = new OneSubscription();
  private final ThrowingSubscriber subscriber = new ThrowingSubscriber();

  @Test
  void aSubscriberThatThrowsEndsItsOwnSubscriptionAndIsToldWhy() {
    new GuardedSubscriptions(inner).open(REQUEST, subscriber);
    Subscriber guarded = Objects.requireNonNull(inner.subscriber);
    assertThat(guarded.ready()).isTrue();

    guarded.flush();

    assertThat(guarded.ready()).isFalse();
    assertThat(inner.closed).isTrue();
    assertThat(subscriber.faults)
        .singleElement()
        .satisfies(fault -> assertThat(fault.kind()).isEqualTo(SubscriptionFault.Kind.INTERNAL))
        .satisfies(fault -> assertThat(fault.message()).startsWith("internal error "));
    guarded.flush();
    assertThat(subscriber.flushes).isEqualTo(1);
  }

  @Test
  void oneThatThrowsBeforeItsSubscriptionIsKnownIsClosedAsSoonAsItIs() {
    inner.startsAtOnce = true;
    subscriber.throwsAtStart = true;

    new GuardedSubscriptions(inner).open(REQUEST, subscriber);

    assertThat(inner.closed).isTrue();
    assertThat(subscriber.faults).hasSize(1);
  }

  /** Throws when it is to flush, and when it starts if asked to. */
  private static final class ThrowingSubscriber implements Subscriber {
    private final List<SubscriptionFault> faults = new ArrayList<>();
    private boolean throwsAtStart;
    private int flushes;

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void started() {
      if (throwsAtStart) {
        throw new IllegalStateException("at the start");
      }
    }

    @Override
    public void deliver(Delivery delivery) {}

    @Override
    public void flush() {
      flushes++;
      throw new IllegalStateException("at a flush");
    }

    @Override
    public void ended(SubscriptionFault fault) {
      faults.add(fault);
    }
  }

  /** Holds the subscriber that it is given. */
  private static final class OneSubscription implements Subscriptions, Subscription {
    private @Nullable Subscriber subscriber;
    private boolean startsAtOnce;
    private boolean closed;

    @Override
    public Subscription open(SubscriptionRequest request, Subscriber given) {
      subscriber = given;
      if (startsAtOnce) {
        given.started();
      }
      return this;
    }

    @Override
    public Settled settle(AckId id, Settlement settlement) {
      return Settled.NOT_HERE;
    }

    @Override
    public void resume() {}

    @Override
    public @Nullable ResumeToken position() {
      return null;
    }

    @Override
    public void drain() {}

    @Override
    public void close() {
      closed = true;
    }
  }
}
