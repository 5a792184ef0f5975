package io.jimbot.eventbus.standalone;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.AcknowledgementPolicy;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.NackAction;
import io.jimbot.events.v1.NegativeAcknowledgement;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.StreamEventsRequest;
import io.jimbot.events.v1.StreamEventsResponse;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A member of a group that refuses what it cannot handle, three times at most. */
final class GroupMember implements StreamObserver<StreamEventsResponse> {

  static final int ATTEMPTS = 3;

  private static final com.google.protobuf.Duration PAUSE =
      com.google.protobuf.Duration.newBuilder().setNanos(50_000_000).build();

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private final Predicate<String> handler;
  private final StreamObserver<StreamEventsRequest> requests;
  private volatile boolean started;

  /**
   * Joins.
   *
   * @param handler told the id of each event; says whether it could be handled
   */
  GroupMember(ManagedChannel channel, String group, Predicate<String> handler) {
    this.handler = handler;
    requests = EventBusGrpc.newStub(channel).streamEvents(this);
    send(
        StreamEventsRequest.newBuilder()
            .setOpen(
                StreamOpen.newBuilder()
                    .setSubscription(
                        Subscription.newBuilder()
                            .addTopics("**")
                            .setGroup(group)
                            .setStart(StartPosition.newBuilder().setEarliest(true))
                            .setAcknowledgement(
                                AcknowledgementPolicy.newBuilder()
                                    .setMaxAttempts(ATTEMPTS)
                                    .setMinBackoff(PAUSE)
                                    .setMaxBackoff(PAUSE)))));
  }

  boolean isStarted() {
    return started;
  }

  /** The ids of the events that it has handled, one for each time, if they begin so. */
  List<String> handled(String prefix) {
    return handled.stream().filter(id -> id.startsWith(prefix)).toList();
  }

  @Override
  public void onNext(StreamEventsResponse response) {
    started |= response.hasHeartbeat();
    for (Delivery delivery : response.getDeliveries().getDeliveriesList()) {
      String id = delivery.getEvent().getEventId();
      AcknowledgeRequest.Builder answer = AcknowledgeRequest.newBuilder();
      if (handler.test(id)) {
        handled.add(id);
        answer.addAckIds(delivery.getAckId());
      } else {
        answer.addNacks(
            NegativeAcknowledgement.newBuilder()
                .setAckId(delivery.getAckId())
                .setAction(NackAction.NACK_ACTION_RETRY)
                .setReason("not today"));
      }
      send(StreamEventsRequest.newBuilder().setAcknowledge(answer));
    }
  }

  private void send(StreamEventsRequest.Builder request) {
    synchronized (requests) {
      requests.onNext(request.build());
    }
  }

  @Override
  public void onError(Throwable why) {}

  @Override
  public void onCompleted() {}
}
