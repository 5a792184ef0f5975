package io.jimbot.eventbus.cli;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.Subscription;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code eventbus tail}: prints events as they come. When the gateway goes away it goes on at the
 * next one, where it was: no gap, no repeat.
 */
@Command(
    name = "tail",
    description = "Prints events as they come; acknowledges nothing and disturbs nobody.")
final class TailCommand implements Callable<Integer> {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private GrpcAddress address;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Selection selection;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Printing printing;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  private ByteString resumeToken = ByteString.EMPTY;
  private long left;

  @Override
  public Integer call() throws Exception {
    left = printing.count();
    EventPrinter printer = printing.on(spec.commandLine());
    try (GrpcAddress.OpenChannel bus = address.open()) {
      EventBusGrpc.EventBusBlockingStub stub = EventBusGrpc.newBlockingStub(bus.channel());
      while (left > 0) {
        try {
          print(stub.withWaitForReady().subscribeEvents(request()), printer);
        } catch (StatusRuntimeException e) {
          if (!printing.goesOnBehind(e.getStatus())) {
            throw Refused.by(address, e);
          }
        }
      }
    }
    return 0;
  }

  private SubscribeEventsRequest request() {
    Subscription.Builder subscription = selection.subscription();
    if (!resumeToken.isEmpty()) {
      subscription.setStart(StartPosition.newBuilder().setResumeToken(resumeToken));
    }
    return SubscribeEventsRequest.newBuilder().setSubscription(subscription).build();
  }

  /** A gateway that stops before the subscription has begun sends none. */
  private void goOnBehind(ByteString token) {
    if (!token.isEmpty()) {
      resumeToken = token;
    }
  }

  private void print(Iterator<SubscribeEventsResponse> responses, EventPrinter printer) {
    while (left > 0 && responses.hasNext()) {
      SubscribeEventsResponse response = responses.next();
      switch (response.getMessageCase()) {
        case DELIVERIES -> {
          for (Delivery delivery : response.getDeliveries().getDeliveriesList()) {
            if (left > 0) {
              left--;
              printer.print(delivery);
            }
          }
          goOnBehind(response.getDeliveries().getResumeToken());
        }
        case HEARTBEAT -> goOnBehind(response.getHeartbeat().getResumeToken());
        case DRAIN -> goOnBehind(response.getDrain().getResumeToken());
        case MESSAGE_NOT_SET -> {}
      }
    }
  }
}
