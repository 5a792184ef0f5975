package io.jimbot.eventbus.gateway;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.AcknowledgementFailure;
import io.jimbot.events.v1.AcknowledgementPolicy;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Drain;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.NackAction;
import io.jimbot.events.v1.NegativeAcknowledgement;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.StreamEventsRequest;
import io.jimbot.events.v1.StreamEventsResponse;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A member that acknowledges what it could handle, and nacks or keeps the rest. */
final class TestMember implements StreamObserver<StreamEventsResponse> {

  /** What becomes of an event that the member could not handle. */
  enum Unhandled {
    KEPT,
    NACKED
  }

  final List<Delivery> received = new CopyOnWriteArrayList<>();
  final List<Delivery> handled = new CopyOnWriteArrayList<>();
  final List<AcknowledgementFailure> unsettled = new CopyOnWriteArrayList<>();
  private final Predicate<Delivery> handler;
  private final boolean nacks;
  private final StreamObserver<StreamEventsRequest> requests;
  volatile boolean started;
  volatile @Nullable Throwable failure;

  /** Set once the gateway has said that it stops; what it delivers from then on is counted. */
  volatile @Nullable Drain drain;

  volatile int deliveredAfterDrain;

  /** Open until the gateway has said that it stops, or the stream has ended. */
  final CountDownLatch served = new CountDownLatch(1);

  /** Stands for what a tail has received. */
  volatile ByteString resumeToken = ByteString.EMPTY;

  /** Of a consumer group. */
  TestMember(ManagedChannel channel, String group, Predicate<Delivery> handler) {
    this(channel, asking(group, SubscriptionMode.SUBSCRIPTION_MODE_GROUP, 1_000).build(), handler);
  }

  /** Keeps what it cannot handle. */
  TestMember(ManagedChannel channel, Subscription subscription, Predicate<Delivery> handler) {
    this(channel, StreamOpen.newBuilder().setSubscription(subscription), handler, Unhandled.KEPT);
  }

  TestMember(
      ManagedChannel channel,
      StreamOpen.Builder open,
      Predicate<Delivery> handler,
      Unhandled unhandled) {
    this.handler = handler;
    this.nacks = unhandled == Unhandled.NACKED;
    requests = EventBusGrpc.newStub(channel).streamEvents(this);
    send(StreamEventsRequest.newBuilder().setOpen(open));
  }

  /** All events from the earliest on, at most three attempts for each. */
  static Subscription.Builder asking(String group, SubscriptionMode mode, int maxOutstanding) {
    return Subscription.newBuilder()
        .addTopics("**")
        .setGroup(group)
        .setMode(mode)
        .setStart(StartPosition.newBuilder().setEarliest(true))
        .setAcknowledgement(
            AcknowledgementPolicy.newBuilder()
                .setMaxAttempts(3)
                .setMaxOutstandingEvents(maxOutstanding)
                .setMinBackoff(millis(50))
                .setMaxBackoff(millis(100)));
  }

  private static com.google.protobuf.Duration millis(int millis) {
    return com.google.protobuf.Duration.newBuilder().setNanos(millis * 1_000_000).build();
  }

  private void send(StreamEventsRequest.Builder request) {
    synchronized (requests) {
      requests.onNext(request.build());
    }
  }

  void acknowledge(Delivery delivery) {
    settle(AcknowledgeRequest.newBuilder().addAckIds(delivery.getAckId()));
  }

  void settle(AcknowledgeRequest.Builder request) {
    send(StreamEventsRequest.newBuilder().setAcknowledge(request));
  }

  /** Refuses a delivery for the policy's time, or a longer one. */
  void nack(Delivery delivery, int delaySeconds) {
    NegativeAcknowledgement.Builder nack =
        NegativeAcknowledgement.newBuilder()
            .setAckId(delivery.getAckId())
            .setAction(NackAction.NACK_ACTION_RETRY)
            .setReason("not today");
    if (delaySeconds > 0) {
      nack.setDelay(com.google.protobuf.Duration.newBuilder().setSeconds(delaySeconds));
    }
    settle(AcknowledgeRequest.newBuilder().addNacks(nack));
  }

  void close() {
    synchronized (requests) {
      requests.onCompleted();
    }
  }

  /** Ends as a client does that was killed: without a word of farewell. */
  void breakOff() {
    synchronized (requests) {
      requests.onError(new CancellationException("broken off"));
    }
  }

  /** The first delivery of each event of a game is behind those of the events before it. */
  void assertInOrder() {
    assertInOrder(received);
  }

  /** The same of the deliveries to several members, in the order in which they came. */
  static void assertInOrder(List<Delivery> deliveries) {
    Map<String, Long> last = new HashMap<>();
    Set<Long> seen = new HashSet<>();
    for (Delivery delivery : deliveries) {
      long number = delivery.getEvent().getSequenceNumber();
      String game = delivery.getEvent().getGameId();
      if (seen.add(number) && last.getOrDefault(game, -1L) > number) {
        throw new AssertionError(game + ": " + number + " came behind " + last.get(game));
      }
      last.merge(game, number, Math::max);
    }
  }

  @Override
  public void onNext(StreamEventsResponse response) {
    started |= response.hasHeartbeat();
    if (drain != null) {
      deliveredAfterDrain += response.getDeliveries().getDeliveriesCount();
    }
    note(response);
    for (Delivery delivery : response.getDeliveries().getDeliveriesList()) {
      received.add(delivery);
      if (handler.test(delivery)) {
        handled.add(delivery);
        if (!delivery.getAckId().isEmpty()) {
          acknowledge(delivery);
        }
      } else if (nacks) {
        nack(delivery, 0);
      }
    }
  }

  private void note(StreamEventsResponse response) {
    switch (response.getMessageCase()) {
      case DELIVERIES -> resumeToken = response.getDeliveries().getResumeToken();
      case HEARTBEAT -> resumeToken = response.getHeartbeat().getResumeToken();
      case DRAIN -> {
        resumeToken = response.getDrain().getResumeToken();
        drain = response.getDrain();
        served.countDown();
      }
      case ACKNOWLEDGE_RESULT ->
          unsettled.addAll(response.getAcknowledgeResult().getFailuresList());
      default -> {}
    }
  }

  @Override
  public void onError(Throwable why) {
    failure = why;
    served.countDown();
  }

  @Override
  public void onCompleted() {
    served.countDown();
  }
}
