package io.jimbot.eventbus.cli;

import com.google.protobuf.ByteString;
import io.grpc.Status;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code eventbus tail}: prints events as they come. When the gateway goes away it goes on at the
 * next one, where it was: no gap, no repeat.
 */
@Command(
    name = "tail",
    description = "Prints events as they come; acknowledges nothing and disturbs nobody.")
final class TailCommand implements Callable<Integer> {

  private static final long RECONNECT_MILLIS = 500;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private GrpcAddress address;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Selection selection;

  @Option(
      names = "--output",
      defaultValue = "json",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private EventPrinter.Format format;

  @Option(names = "--count", paramLabel = "N", description = "End after so many events.")
  private long count = Long.MAX_VALUE;

  @Option(names = "--once", description = "End, rather than connect again, when the bus goes away.")
  private boolean once;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  private ByteString resumeToken = ByteString.EMPTY;
  private long left;

  @Override
  public Integer call() throws Exception {
    left = count;
    EventPrinter printer =
        new EventPrinter(format, spec.commandLine().getOut(), spec.commandLine().getErr());
    try (GrpcAddress.OpenChannel bus = address.open()) {
      EventBusGrpc.EventBusBlockingStub stub = EventBusGrpc.newBlockingStub(bus.channel());
      while (left > 0) {
        try {
          print(stub.withWaitForReady().subscribeEvents(request()), printer);
        } catch (StatusRuntimeException e) {
          if (once || e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
            throw Refused.by(address, e);
          }
          Thread.sleep(RECONNECT_MILLIS);
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
