package io.jimbot.eventbus.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.bench.load.Pace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestBenchSmokeIT {

  @TempDir Path directory;

  @Test
  void everyRequestOfATinyRunSucceedsAndEveryMeasurementIsKept() throws Exception {
    Path results = directory.resolve("results.jsonl");
    IngestPlan plan =
        new IngestPlan(
            List.of(Payloads.gameStates(), Payloads.singles()),
            List.of(new Pace(20), Pace.MAX),
            2,
            Duration.ZERO,
            Duration.ofMillis(300),
            results);
    StringBuilder table = new StringBuilder();

    List<Comparison> comparisons;
    try (BusUnderTest bus = BusUnderTest.start(List.of())) {
      comparisons = new IngestMeasuring(bus, plan, table).run();
    }

    assertThat(comparisons)
        .hasSize(4)
        .allSatisfy(comparison -> assertThat(comparison.failures()).isZero())
        .allSatisfy(comparison -> assertThat(comparison.gateway().events()).isPositive());
    assertThat(Files.readAllLines(results)).hasSize(12);
    assertThat(table).contains("| gateway |");
  }
}
