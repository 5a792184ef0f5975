package io.jimbot.eventbus.bench.delivery;

import io.jimbot.eventbus.bench.BusUnderTest;
import io.jimbot.eventbus.bench.load.HttpTarget;
import io.jimbot.eventbus.bench.load.LoadRun;
import io.jimbot.eventbus.bench.load.Pace;
import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Target;
import io.jimbot.eventbus.bench.load.Window;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command that measures what a subscriber that stops reading costs those beside it, what it
 * costs the gateway's memory, and whether it gets everything once it reads again.
 */
@Command(
    name = "SlowReaderBench",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Measures subscribers without and beside one that does not read for a while.")
public final class SlowReaderBench implements Callable<Integer> {

  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int REQUESTS = 8_000;
  private static final int BATCH = 10;
  private static final int SLOTS = 64;
  private static final int PATIENCE_SECONDS = 60;

  @Option(names = "--rate", description = "Events a second; fewer than 80,000 in all of a stretch.")
  private int rate = 400;

  @Option(names = "--readers", description = "How many subscribers read all the time.")
  private int readers = 50;

  @Option(names = "--seconds", description = "How long the other one does not read.")
  private int seconds = 60;

  @Option(names = "--warmup", description = "Seconds before the first measurement.")
  private int warmUpSeconds = 30;

  private final Payload payload = NumberedEvents.requests(REQUESTS, BATCH);
  private final Arrivals arrivals = new Arrivals(REQUESTS * BATCH, 1);

  /** Measures, and ends with 0 if the slow one got every event once. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SlowReaderBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    try (BusUnderTest bus = BusUnderTest.start(List.of())) {
      GatewayLane lane =
          new GatewayLane(
              "REST to gRPC",
              bus.grpcAddress(),
              (body, slots) -> new HttpTarget(bus.gateway(), body, slots));
      try (AutoCloseable unused = lane.subscribers(readers, arrivals);
          Target target = new DueTarget(lane.publisher(payload, SLOTS), payload, arrivals)) {
        return measure(bus, new LoadRun(target, payload, SLOTS)) ? 0 : 1;
      }
    }
  }

  private boolean measure(BusUnderTest bus, LoadRun load) throws Exception {
    System.out.printf("%d readers, %,d events/s%n%n", readers, rate);
    System.out.println("| beside | p50 ms | p99 ms | p99.9 ms | failures | gateway RSS MiB |");
    System.out.println("|---|---|---|---|---|---|");
    load.drive(new Pace(rate / BATCH), Duration.ofSeconds(warmUpSeconds));
    stretch("nobody", bus, load);
    try (StoppedSubscriber stopped = StoppedSubscriber.begin(bus.grpcAddress())) {
      long published = stretch("one that does not read", bus, load);
      long before = stopped.deliveries();
      long start = System.nanoTime();
      stopped.read();
      long deadline = start + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (stopped.events() < published && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      System.out.printf(
          Locale.ROOT,
          "%nThe slow one had %d of %d events when it read again, and all %d of them %.2f s later; repeats: %d%n",
          before,
          published,
          stopped.events(),
          (System.nanoTime() - start) / 1e9,
          stopped.deliveries() - stopped.events());
      boolean complete = stopped.events() == published && stopped.deliveries() == published;
      stretch("nobody", bus, load);
      return complete;
    }
  }

  /** Returns how many events were published. */
  private long stretch(String beside, BusUnderTest bus, LoadRun load) throws Exception {
    arrivals.reset();
    Window window = load.drive(new Pace(rate / BATCH), Duration.ofSeconds(seconds));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (arrivals.events() < window.events() * readers && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    Histogram latencies = arrivals.latencies();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %d | %.0f |%n",
        beside,
        latencies.getValueAtPercentile(50) / NANOS_PER_MILLI,
        latencies.getValueAtPercentile(99) / NANOS_PER_MILLI,
        latencies.getValueAtPercentile(99.9) / NANOS_PER_MILLI,
        window.failures(),
        bus.gatewayResidentBytes() / 1024.0 / 1024);
    return window.events();
  }
}
