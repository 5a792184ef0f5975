package io.jimbot.eventbus.bench.delivery;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Target;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.Subscription;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Through the gateway, to tail subscribers over gRPC. */
final class GatewayLane implements Lane {

  private static final int PATIENCE_SECONDS = 30;

  private final String word;
  private final String grpcAddress;
  private final Publishing publishing;

  /** The publisher's side: HTTP or gRPC. */
  interface Publishing {
    Target open(Payload payload, int slots) throws IOException;
  }

  GatewayLane(String word, String grpcAddress, Publishing publishing) {
    this.word = word;
    this.grpcAddress = grpcAddress;
    this.publishing = publishing;
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public Target publisher(Payload payload, int slots) throws IOException {
    return publishing.open(payload, slots);
  }

  @Override
  public AutoCloseable subscribers(int subscribers, Arrivals arrivals) throws Exception {
    ManagedChannel channel =
        Grpc.newChannelBuilder(grpcAddress, InsecureChannelCredentials.create())
            .directExecutor()
            .build();
    SubscribeEventsRequest request =
        SubscribeEventsRequest.newBuilder()
            .setSubscription(
                Subscription.newBuilder()
                    .addTopics("**")
                    .setStart(StartPosition.newBuilder().setNow(true)))
            .build();
    CountDownLatch begun = new CountDownLatch(subscribers);
    EventBusGrpc.EventBusStub stub = EventBusGrpc.newStub(channel);
    for (int i = 0; i < subscribers; i++) {
      stub.subscribeEvents(request, new Arriving(arrivals, begun));
    }
    if (!begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      channel.shutdownNow();
      throw new IOException(begun.getCount() + " subscriptions did not begin");
    }
    return channel::shutdownNow;
  }

  /** One subscriber. */
  private record Arriving(Arrivals arrivals, CountDownLatch begun)
      implements StreamObserver<SubscribeEventsResponse> {
    @Override
    public void onNext(SubscribeEventsResponse response) {
      if (response.hasHeartbeat()) {
        begun.countDown();
      }
      for (Delivery delivery : response.getDeliveries().getDeliveriesList()) {
        arrivals.arrived(
            NumberedEvents.numberOf(delivery.getEvent().getEventId()), System.nanoTime());
      }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
