package io.jimbot.eventbus.bench.delivery;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Target;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.json.BodyDecoder;
import io.jimbot.eventbus.event.json.DecodeLimits;
import io.jimbot.eventbus.event.json.Decoded;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.PublishEventsRequest;
import io.jimbot.events.v1.PublishEventsResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Publishes a payload's events over gRPC, a request of the payload as one {@code PublishEvents}.
 */
final class GrpcTarget implements Target {

  private final ManagedChannel channel;
  private final EventBusGrpc.EventBusStub stub;
  private final List<PublishEventsRequest> requests;

  /** Filled by the channel's threads, emptied by the one that drives. */
  private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();

  private record Done(int slot, boolean succeeded, long nanoTime) {}

  GrpcTarget(String address, Payload payload) {
    this.channel =
        Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
            .directExecutor()
            .build();
    this.stub = EventBusGrpc.newStub(channel);
    BodyDecoder decoder = new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());
    this.requests =
        payload.requests().stream().map(request -> asProtobuf(request, decoder)).toList();
  }

  private static PublishEventsRequest asProtobuf(Payload.Request request, BodyDecoder decoder) {
    PublishEventsRequest.Builder events = PublishEventsRequest.newBuilder();
    for (byte[] json : request.events()) {
      Decoded decoded = decoder.event(json, json.length, Instant.EPOCH, () -> "");
      try {
        events.addEvents(Event.parseFrom(((Decoded.Readable) decoded).value()));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("the decoder wrote no event", e);
      }
    }
    return events.build();
  }

  @Override
  public void send(int slot, long number, long dueNanoTime) {
    stub.publishEvents(
        requests.get((int) (number % requests.size())),
        new StreamObserver<>() {
          private boolean all;

          @Override
          public void onNext(PublishEventsResponse response) {
            all = response.getResultsList().stream().allMatch(result -> result.hasStored());
          }

          @Override
          public void onError(Throwable failure) {
            done.add(new Done(slot, false, System.nanoTime()));
          }

          @Override
          public void onCompleted() {
            done.add(new Done(slot, all, System.nanoTime()));
          }
        });
  }

  @Override
  public void await(long untilNanoTime, Completion completion) {
    try {
      long nanos = untilNanoTime - System.nanoTime();
      for (Done next = done.poll(nanos, TimeUnit.NANOSECONDS); next != null; next = done.poll()) {
        completion.completed(next.slot(), next.succeeded(), next.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
