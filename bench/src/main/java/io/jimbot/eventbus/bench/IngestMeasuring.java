package io.jimbot.eventbus.bench;

import io.dropwizard.configuration.ConfigurationException;
import io.jimbot.eventbus.bench.load.HttpTarget;
import io.jimbot.eventbus.bench.load.LoadRun;
import io.jimbot.eventbus.bench.load.Pace;
import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Target;
import io.jimbot.eventbus.bench.load.Window;
import io.jimbot.eventbus.gateway.GatewayConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out a plan. */
final class IngestMeasuring {

  private static final Logger LOG = LoggerFactory.getLogger(IngestMeasuring.class);

  /**
   * Before each measurement at its own pace, but never longer than that: connections, metadata, the
   * batches' usual size.
   */
  private static final Duration SETTLING = Duration.ofSeconds(1);

  private final BusUnderTest bus;
  private final IngestPlan plan;
  private final Appendable table;
  private final RawProducer raw;
  private final ResultLog log;

  /**
   * @param table gets each row as soon as it is known
   * @throws ConfigurationException if the gateway's settings in the environment are wrong
   */
  IngestMeasuring(BusUnderTest bus, IngestPlan plan, Appendable table)
      throws IOException, ConfigurationException {
    this.bus = bus;
    this.plan = plan;
    this.table = table;
    this.raw = new RawProducer(bus.bootstrapServers(), GatewayConfiguration.load(null, Map.of()));
    this.log = new ResultLog(plan.results());
  }

  /** Measures everything, which takes as long as the plan says. */
  List<Comparison> run() throws IOException {
    raw.createTopic();
    table.append(ResultTable.head());
    List<Comparison> comparisons = new ArrayList<>();
    for (Payload payload : plan.payloads()) {
      warmUp(payload, Contender.RAW);
      warmUp(payload, Contender.GATEWAY);
      for (Pace pace : plan.paces()) {
        Comparison comparison =
            new Comparison(
                measure(payload, pace, Contender.RAW),
                measure(payload, pace, Contender.GATEWAY),
                measure(payload, pace, Contender.RAW));
        table.append(ResultTable.rows(comparison));
        comparisons.add(comparison);
      }
    }
    return comparisons;
  }

  private void warmUp(Payload payload, Contender contender) throws IOException {
    try (Target target = open(payload, contender)) {
      LoadRun load = new LoadRun(target, payload, plan.connections());
      Window window = load.drive(Pace.MAX, plan.warmUp());
      if (window.failures() > 0) {
        LOG.warn(
            "{} of {} requests failed in the warm-up payload={} target={}",
            window.failures(),
            window.failures() + window.requests(),
            payload.name(),
            contender.word());
      }
    }
  }

  private Measurement measure(Payload payload, Pace pace, Contender contender) throws IOException {
    try (Target target = open(payload, contender)) {
      LoadRun load = new LoadRun(target, payload, plan.connections());
      load.drive(pace, plan.length().compareTo(SETTLING) < 0 ? plan.length() : SETTLING);
      CpuSeconds before = CpuSeconds.now(bus);
      Window window = load.drive(pace, plan.length());
      CpuSeconds cpu = CpuSeconds.now(bus).since(before);
      Measurement measurement =
          Measurement.of(Instant.now(), payload, pace, contender, window, cpu);
      log.add(measurement);
      return measurement;
    }
  }

  private Target open(Payload payload, Contender contender) throws IOException {
    return switch (contender) {
      case RAW -> raw.open(payload, plan.connections());
      case GATEWAY -> new HttpTarget(bus.gateway(), payload, plan.connections());
    };
  }
}
