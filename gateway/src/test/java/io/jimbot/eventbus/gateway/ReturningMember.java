package io.jimbot.eventbus.gateway;

import com.google.protobuf.ByteString;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client that does as the contract says: when its gateway stops or is gone it subscribes again at
 * another one, a tail behind what it has got. Acknowledges everything. Has a thread of its own.
 */
final class ReturningMember implements AutoCloseable {

  /** Its subscriptions, one after the other. */
  final List<TestMember> stays = new CopyOnWriteArrayList<>();

  /** What it has got, in order. */
  final List<Delivery> received;

  private final Fleet fleet;
  private final Subscription asked;
  private final Thread thread = new Thread(this::run, "returning-member");
  private final CountDownLatch over = new CountDownLatch(1);
  private ByteString resumeToken = ByteString.EMPTY;

  /** Subscribes; what it gets is also added to a list that it may share with others. */
  ReturningMember(Fleet fleet, Subscription asked, List<Delivery> received) {
    this.fleet = fleet;
    this.asked = asked;
    this.received = received;
    thread.start();
  }

  private void run() {
    try {
      while (over.getCount() > 0) {
        stay();
        boolean unused = over.await(50, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void stay() throws InterruptedException {
    TestMember member =
        new TestMember(
            fleet.channel(),
            StreamOpen.newBuilder().setSubscription(subscription()),
            received::add,
            TestMember.Unhandled.KEPT);
    stays.add(member);
    member.served.await();
    member.close();
    if (!member.resumeToken.isEmpty()) {
      resumeToken = member.resumeToken;
    }
  }

  private Subscription subscription() {
    return resumeToken.isEmpty()
        ? asked
        : asked.toBuilder()
            .setStart(StartPosition.newBuilder().setResumeToken(resumeToken))
            .build();
  }

  /** Whether it is served now. */
  boolean isServed() {
    TestMember last = stays.isEmpty() ? null : stays.get(stays.size() - 1);
    return last != null && last.started && last.served.getCount() > 0;
  }

  @Override
  public void close() throws InterruptedException {
    over.countDown();
    stays.get(stays.size() - 1).served.countDown();
    thread.join();
  }
}
