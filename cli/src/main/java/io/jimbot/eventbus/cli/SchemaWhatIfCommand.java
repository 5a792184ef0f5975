package io.jimbot.eventbus.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.grpc.StatusRuntimeException;
import io.jimbot.eventbus.proto.LossReport;
import io.jimbot.eventbus.proto.ProposedSchema;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.Subscription;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code eventbus schema what-if}: reads the last events of a running bus by a proposed schema, and
 * says how many of them would not be read, or not whole.
 */
@Command(
    name = "what-if",
    description = {
      "Says of how many of the last events a proposed schema would lose something.",
      "Exit code: 0 of none, 1 of some, 2 the schema cannot be read."
    })
final class SchemaWhatIfCommand implements Callable<Integer> {

  private static final int LOSSES = 1;
  private static final int UNREADABLE = 2;
  private static final int PATIENCE_SECONDS = 60;
  private static final int MOST_EVENTS = 100_000;
  private static final int BATCH = 1_000;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private ContractFiles files;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private GrpcAddress address;

  @Parameters(
      paramLabel = "SCHEMA",
      description = "A set of file descriptors or a directory of .proto files.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path proposed;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Looks at so many events, at most 100000. Default: ${DEFAULT-VALUE}")
  private int last;

  @Option(
      names = "--within",
      paramLabel = "MINUTES",
      defaultValue = "60",
      description = "Only at events of the last minutes. Default: ${DEFAULT-VALUE}")
  private int minutes;

  @Option(
      names = "--examples",
      paramLabel = "N",
      defaultValue = "3",
      description = "Shows so many events of each kind of loss. Default: ${DEFAULT-VALUE}")
  private int examples;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ProposedSchema schema;
    try {
      schema = ProposedSchema.of(files.read(proposed));
    } catch (IOException | IllegalArgumentException e) {
      spec.commandLine().getErr().println("eventbus: " + e.getMessage());
      return UNREADABLE;
    }
    LossReport report = new LossReport(examples);
    for (Event event : lastEvents()) {
      try {
        report.add(event, schema.judge(event.toByteString()));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("an event that was read is an event", e);
      }
    }
    print(report, spec.commandLine().getOut());
    return report.isFine() ? 0 : LOSSES;
  }

  private static void print(LossReport report, PrintWriter out) {
    for (LossReport.Kind kind : report.kinds()) {
      out.println(kind.events() + " × " + kind.what());
      kind.examples().forEach(example -> out.println("    " + example));
    }
    out.println(
        "Of "
            + report.events()
            + " events "
            + report.unread()
            + " would not be read, "
            + report.losing()
            + " would lose something.");
  }

  private Iterable<Event> lastEvents() throws Exception {
    ArrayDeque<Event> kept = new ArrayDeque<>();
    int most = Math.max(1, Math.min(last, MOST_EVENTS));
    Instant now = Instant.now();
    Instant from = now.minus(Duration.ofMinutes(minutes));
    try (GrpcAddress.OpenChannel bus = address.open()) {
      Iterator<SubscribeEventsResponse> responses =
          EventBusGrpc.newBlockingStub(bus.channel())
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .subscribeEvents(from(from));
      boolean reading = true;
      boolean begun = false;
      while (reading && responses.hasNext()) {
        SubscribeEventsResponse response = responses.next();
        for (Delivery delivery : response.getDeliveries().getDeliveriesList()) {
          kept.add(delivery.getEvent());
          if (kept.size() > most) {
            kept.remove();
          }
          reading &= delivery.getEvent().getReceivedAt().getSeconds() <= now.getEpochSecond();
        }
        // The first sign of life says that it has begun, the next one that nothing more is there.
        reading &= !(response.hasHeartbeat() && begun);
        begun = true;
      }
    } catch (StatusRuntimeException e) {
      throw Refused.by(address, e);
    }
    return kept;
  }

  private static SubscribeEventsRequest from(Instant time) {
    return SubscribeEventsRequest.newBuilder()
        .setSubscription(
            Subscription.newBuilder()
                .addTopics("**")
                .setBatching(
                    io.jimbot.events.v1.Batching.newBuilder()
                        .setMaxEvents(BATCH)
                        .setMaxWait(com.google.protobuf.Duration.newBuilder().setNanos(50_000_000)))
                .setStart(
                    StartPosition.newBuilder()
                        .setTime(Timestamp.newBuilder().setSeconds(time.getEpochSecond()))))
        .build();
  }
}
