package io.jimbot.eventbus.bench;

import io.jimbot.eventbus.bench.load.Pace;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that measures the gateway beside a plain producer. */
@Command(
    name = "IngestBench",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Measures the gateway beside a plain Kafka producer on the same broker.")
public final class IngestBench implements Callable<Integer> {

  @Option(names = "--seconds", description = "How long each measurement is.")
  private int seconds = 20;

  @Option(names = "--warmup", description = "Seconds at full speed before a payload's first one.")
  private int warmUpSeconds = 10;

  @Option(
      names = "--rates",
      split = ",",
      description = "Requests a second, or max: the next as soon as one is answered.")
  private List<String> rates = List.of("1000", "3000", "max");

  @Option(names = "--traffic", split = ",", description = "${COMPLETION-CANDIDATES}.")
  private List<Traffic> traffic = List.of(Traffic.values());

  @Option(names = "--connections", description = "How many requests are under way at most.")
  private int connections = 64;

  @Option(names = "--results", description = "Gets one JSON object for each measurement.")
  private Path results = Path.of("bench", "target", "results.jsonl");

  @Option(names = "--gateway", description = "A gateway that runs already, http://host:port.")
  private @Nullable URI gateway;

  @Option(names = "--bootstrap", description = "Its Kafka, host:port.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--gateway-jvm",
      split = " ",
      description = "Options of the JVM that is started for the gateway, separated by spaces.")
  private List<String> gatewayJvmOptions = List.of();

  /** Measures, and ends with 0 if no request failed, else with 1. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new IngestBench())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    IngestPlan plan =
        new IngestPlan(
            traffic.stream().map(Traffic::payload).toList(),
            rates.stream().map(Pace::parse).toList(),
            connections,
            Duration.ofSeconds(warmUpSeconds),
            Duration.ofSeconds(seconds),
            results);
    try (BusUnderTest bus = bus()) {
      List<Comparison> comparisons = new IngestMeasuring(bus, plan, System.out).run();
      return comparisons.stream().mapToLong(Comparison::failures).sum() == 0 ? 0 : 1;
    }
  }

  private BusUnderTest bus() throws Exception {
    if (gateway != null && bootstrapServers != null) {
      return BusUnderTest.running(gateway, bootstrapServers);
    }
    if (gateway != null || bootstrapServers != null) {
      throw new IllegalArgumentException("--gateway and --bootstrap belong together");
    }
    return BusUnderTest.start(gatewayJvmOptions);
  }
}
