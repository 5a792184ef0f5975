package io.jimbot.eventbus.bench.decode;

import io.jimbot.eventbus.bench.Payloads;
import io.jimbot.eventbus.bench.cost.Candidate;
import io.jimbot.eventbus.bench.cost.Cost;
import io.jimbot.eventbus.bench.cost.CostMeter;
import io.jimbot.eventbus.bench.load.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that measures decoder and encoder beside what other ways cost. */
@Command(
    name = "DecodeBench",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "CPU time and allocated bytes of reading one body, and of writing it back.")
public final class DecodeBench implements Callable<Integer> {

  @Option(names = "--rounds", description = "How often each way is measured; the median counts.")
  private int rounds = 15;

  @Option(names = "--millis", description = "How long each way takes in each round.")
  private int roundMillis = 150;

  /** Measures. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DecodeBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    CostMeter meter = new CostMeter(rounds, Duration.ofMillis(roundMillis));
    System.out.println("| body | way | us | of ours | bytes allocated |\n|---|---|---|---|---|");
    for (Subject subject :
        List.of(
            new Subject("batch of 2", median(Payloads.gameStates()), true),
            new Subject("single", median(Payloads.singles()), false))) {
      print(subject, subject.reading(), meter);
      print(subject, subject.writing(), meter);
    }
    System.err.println("(" + meter.sink() + ")");
    return 0;
  }

  /** The body of middle length. */
  private static byte[] median(Payload payload) {
    List<byte[]> bodies =
        payload.requests().stream()
            .map(Payload.Request::body)
            .sorted(java.util.Comparator.comparingInt(body -> body.length))
            .toList();
    return bodies.get(bodies.size() / 2);
  }

  private static void print(Subject subject, List<Candidate> candidates, CostMeter meter)
      throws Exception {
    List<Cost> costs = meter.measure(candidates);
    double ours = costs.get(0).nanos();
    for (int i = 0; i < costs.size(); i++) {
      Cost cost = costs.get(i);
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %.2f | x%.2f | %,.0f |%n",
          subject.name(),
          candidates.get(i).name(),
          cost.nanos() / 1000,
          cost.nanos() / ours,
          cost.bytes());
    }
  }
}
