package io.jimbot.eventbus.bench.delivery;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.Subscription;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A tail subscriber that begins, and then reads nothing until it is told to. */
final class StoppedSubscriber
    implements ClientResponseObserver<SubscribeEventsRequest, SubscribeEventsResponse>,
        AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  private final ManagedChannel channel;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final Set<String> places = ConcurrentHashMap.newKeySet();
  private final AtomicLong deliveries = new AtomicLong();
  private @Nullable ClientCallStreamObserver<SubscribeEventsRequest> call;

  /** Set once it reads; what comes then is followed by more. */
  private volatile boolean reading;

  private StoppedSubscriber(String grpcAddress) {
    this.channel = Grpc.newChannelBuilder(grpcAddress, InsecureChannelCredentials.create()).build();
  }

  /** One that has begun. */
  static StoppedSubscriber begin(String grpcAddress) throws IOException, InterruptedException {
    StoppedSubscriber subscriber = new StoppedSubscriber(grpcAddress);
    EventBusGrpc.newStub(subscriber.channel)
        .subscribeEvents(
            SubscribeEventsRequest.newBuilder()
                .setSubscription(
                    Subscription.newBuilder()
                        .addTopics("**")
                        .setStart(StartPosition.newBuilder().setNow(true)))
                .build(),
            subscriber);
    if (!subscriber.begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      subscriber.close();
      throw new IOException("the subscription did not begin");
    }
    return subscriber;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SubscribeEventsRequest> stream) {
    call = stream;
    stream.disableAutoRequestWithInitial(1);
  }

  /** Reads from now on. */
  void read() {
    reading = true;
    Objects.requireNonNull(call).request(1);
  }

  @Override
  public void onNext(SubscribeEventsResponse response) {
    begun.countDown();
    for (Delivery delivery : response.getDeliveries().getDeliveriesList()) {
      deliveries.incrementAndGet();
      places.add(delivery.getPosition().getPartition() + "/" + delivery.getPosition().getOffset());
    }
    if (reading) {
      Objects.requireNonNull(call).request(1);
    }
  }

  /** How many deliveries there were. */
  long deliveries() {
    return deliveries.get();
  }

  /** How many different events these were. */
  long events() {
    return places.size();
  }

  @Override
  public void onError(Throwable failure) {
    System.err.println("the stopped subscriber's stream ended: " + failure);
  }

  @Override
  public void onCompleted() {}

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
