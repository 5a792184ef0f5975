package io.jimbot.eventbus.bench.delivery;

import io.jimbot.eventbus.bench.BusUnderTest;
import io.jimbot.eventbus.bench.CpuSeconds;
import io.jimbot.eventbus.bench.RawProducer;
import io.jimbot.eventbus.bench.load.HttpTarget;
import io.jimbot.eventbus.bench.load.LoadRun;
import io.jimbot.eventbus.bench.load.Pace;
import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Target;
import io.jimbot.eventbus.bench.load.Window;
import io.jimbot.eventbus.gateway.GatewayConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command that measures the time from the moment an event is meant to leave its publisher to
 * its arrival at a tail subscriber.
 */
@Command(
    name = "DeliveryBench",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Measures publish to deliver, beside produce to consume on the same broker.")
public final class DeliveryBench implements Callable<Integer> {

  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int REQUESTS = 8_000;

  @Option(names = "--seconds", description = "How long each measurement is.")
  private int seconds = 15;

  @Option(names = "--warmup", description = "Seconds of each lane before the first measurement.")
  private int warmUpSeconds = 20;

  @Option(names = "--rates", split = ",", description = "Events a second.")
  private List<Integer> rates = List.of(1_000, 10_000);

  @Option(names = "--batch", description = "Events of one request.")
  private int batch = 10;

  @Option(names = "--subscribers", description = "How many get every event.")
  private int subscribers = 1;

  @Option(names = "--connections", description = "How many requests are under way at most.")
  private int connections = 64;

  @Option(
      names = "--gateway-jvm",
      split = " ",
      description = "Options of the JVM that is started for the gateway, separated by spaces.")
  private List<String> gatewayJvmOptions = List.of();

  /** Measures, and ends with 0 if every event arrived. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DeliveryBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    boolean complete = true;
    try (BusUnderTest bus = BusUnderTest.start(gatewayJvmOptions)) {
      RawProducer producer =
          new RawProducer(bus.bootstrapServers(), GatewayConfiguration.load(null, Map.of()));
      producer.createTopic();
      List<Lane> lanes =
          List.of(
              new RawLane(bus.bootstrapServers(), producer),
              new GatewayLane(
                  "REST to gRPC",
                  bus.grpcAddress(),
                  (payload, slots) -> new HttpTarget(bus.gateway(), payload, slots)),
              new GatewayLane(
                  "gRPC to gRPC",
                  bus.grpcAddress(),
                  (payload, slots) -> new GrpcTarget(bus.grpcAddress(), payload)));
      System.out.println(
          "| events/s | lane | arrived/s | p50 ms | p99 ms | p99.9 ms | max ms | gateway CPU-s per 1,000 | failures | unsent | missing |");
      System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
      for (Lane lane : lanes) {
        run(lane, rates.get(rates.size() - 1), Duration.ofSeconds(warmUpSeconds), bus, false);
      }
      for (int rate : rates) {
        for (Lane lane : lanes) {
          complete &= run(lane, rate, Duration.ofSeconds(seconds), bus, true);
        }
      }
    }
    return complete ? 0 : 1;
  }

  private boolean run(Lane lane, int rate, Duration length, BusUnderTest bus, boolean print)
      throws Exception {
    Payload payload = NumberedEvents.requests(REQUESTS, batch);
    Arrivals arrivals = new Arrivals(REQUESTS * batch, subscribers);
    try (AutoCloseable unused = lane.subscribers(subscribers, arrivals);
        Target target = new DueTarget(lane.publisher(payload, connections), payload, arrivals)) {
      LoadRun load = new LoadRun(target, payload, connections);
      CpuSeconds before = CpuSeconds.now(bus);
      Window window = load.drive(new Pace(rate / batch), length);
      awaitArrival(arrivals, window.events());
      CpuSeconds cpu = CpuSeconds.now(bus).since(before);
      if (print) {
        System.out.println(row(lane, rate, window, arrivals, cpu));
      }
      return window.failures() == 0 && arrivals.events() >= window.events();
    }
  }

  private static void awaitArrival(Arrivals arrivals, long events) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (arrivals.events() < events && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static String row(Lane lane, int rate, Window window, Arrivals arrivals, CpuSeconds cpu) {
    Histogram latencies = arrivals.latencies();
    return String.format(
        Locale.ROOT,
        "| %,d | %s | %,.0f | %.2f | %.2f | %.2f | %.1f | %.3f | %d | %d | %d |",
        rate,
        lane.word(),
        arrivals.events() / (window.nanos() / 1e9),
        latencies.getValueAtPercentile(50) / NANOS_PER_MILLI,
        latencies.getValueAtPercentile(99) / NANOS_PER_MILLI,
        latencies.getValueAtPercentile(99.9) / NANOS_PER_MILLI,
        latencies.getMaxValue() / NANOS_PER_MILLI,
        cpu.gateway() / (window.events() / 1000.0),
        window.failures(),
        window.unsent(),
        window.events() - arrivals.events());
  }
}
