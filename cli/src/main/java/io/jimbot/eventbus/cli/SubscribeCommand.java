package io.jimbot.eventbus.cli;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.Deliveries;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.StreamEventsRequest;
import io.jimbot.events.v1.StreamEventsResponse;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code eventbus subscribe}: takes part in a group or queue. Prints each event and acknowledges it
 * once it is printed, so what a killed process did not print goes to another member.
 */
@Command(
    name = "subscribe",
    description = "Prints the events of a group or queue, and acknowledges what it has printed.")
final class SubscribeCommand implements Callable<Integer> {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private GrpcAddress address;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Selection selection;

  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Shared shared;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Printing printing;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  private long left;

  /** With whom the events are shared. */
  static final class Shared {
    @Option(
        names = "--group",
        paramLabel = "NAME",
        required = true,
        description = "The group: in order per game, shared by its members.")
    private @Nullable String group;

    @Option(
        names = "--queue",
        paramLabel = "NAME",
        required = true,
        description = "The queue: in no order, shared by any number of workers.")
    private @Nullable String queue;

    void putInto(Subscription.Builder subscription) {
      if (group != null) {
        subscription.setMode(SubscriptionMode.SUBSCRIPTION_MODE_GROUP).setGroup(group);
      } else if (queue != null) {
        subscription.setMode(SubscriptionMode.SUBSCRIPTION_MODE_QUEUE).setGroup(queue);
      }
    }
  }

  @Override
  public Integer call() throws Exception {
    left = printing.count();
    EventPrinter printer = printing.on(spec.commandLine());
    try (GrpcAddress.OpenChannel bus = address.open()) {
      EventBusGrpc.EventBusBlockingV2Stub stub = EventBusGrpc.newBlockingV2Stub(bus.channel());
      while (left > 0) {
        try {
          run(stub.withWaitForReady().streamEvents(), printer);
        } catch (StatusException e) {
          if (!printing.goesOnBehind(e.getStatus())) {
            throw Refused.by(address, e);
          }
        }
      }
    }
    return 0;
  }

  private void run(
      BlockingClientCall<StreamEventsRequest, StreamEventsResponse> stream, EventPrinter printer)
      throws StatusException, InterruptedException {
    Subscription.Builder subscription = selection.subscription();
    shared.putInto(subscription);
    send(
        stream,
        StreamEventsRequest.newBuilder()
            .setOpen(StreamOpen.newBuilder().setSubscription(subscription)));
    boolean draining = false;
    while (left > 0 && !draining) {
      StreamEventsResponse response = stream.read();
      if (response == null) {
        return;
      }
      draining = response.hasDrain();
      if (response.hasDeliveries()) {
        send(
            stream,
            StreamEventsRequest.newBuilder()
                .setAcknowledge(printed(response.getDeliveries(), printer)));
      }
    }
    // Not a cancellation: the last acknowledgements are to arrive. A gateway that stops gives the
    // group's events to its other members as soon as this one has left.
    stream.halfClose();
    while (stream.read() != null) {
      continue;
    }
  }

  private AcknowledgeRequest.Builder printed(Deliveries deliveries, EventPrinter printer) {
    AcknowledgeRequest.Builder acknowledge = AcknowledgeRequest.newBuilder();
    for (Delivery delivery : deliveries.getDeliveriesList()) {
      if (left > 0) {
        left--;
        printer.print(delivery);
        acknowledge.addAckIds(delivery.getAckId());
      }
    }
    return acknowledge;
  }

  private static void send(
      BlockingClientCall<StreamEventsRequest, StreamEventsResponse> stream,
      StreamEventsRequest.Builder request)
      throws StatusException, InterruptedException {
    stream.write(request.build());
  }
}
