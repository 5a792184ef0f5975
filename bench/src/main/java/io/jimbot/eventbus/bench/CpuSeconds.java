package io.jimbot.eventbus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * CPU time that was used up to a moment, or between two.
 *
 * @param load by this JVM
 * @param gateway by the gateway's process; not a number where that is not known
 * @param broker by the broker's process; not a number where that is not known
 * @param machine by everything on this machine; not a number where the system does not tell
 */
public record CpuSeconds(double load, double gateway, double broker, double machine) {

  private static final Path STAT = Path.of("/proc/stat");

  /** The unit of {@code /proc/stat}: hundredths on every common Linux. */
  private static final double TICK_SECONDS = 0.01;

  /** user, nice, system of the first line; irq, softirq and steal are left out. */
  private static final List<Integer> BUSY_FIELDS = List.of(1, 2, 3);

  private static final double NANOS = 1e-9;

  /** Up to now. */
  public static CpuSeconds now(BusUnderTest bus) {
    return new CpuSeconds(
        of(Optional.of(ProcessHandle.current())),
        of(bus.gatewayProcess()),
        of(bus.brokerProcess()),
        ofMachine());
  }

  /** From a moment to this. */
  public CpuSeconds since(CpuSeconds before) {
    return new CpuSeconds(
        load - before.load,
        gateway - before.gateway,
        broker - before.broker,
        machine - before.machine);
  }

  /** What nobody of the three has used. */
  double others() {
    return machine - load - gateway - broker;
  }

  private static double of(Optional<ProcessHandle> process) {
    return process
        .flatMap(handle -> handle.info().totalCpuDuration())
        .map(Duration::toNanos)
        .map(nanos -> nanos * NANOS)
        .orElse(Double.NaN);
  }

  private static double ofMachine() {
    if (!Files.isReadable(STAT)) {
      return Double.NaN;
    }
    try {
      String[] fields = Files.readAllLines(STAT).get(0).split(" +");
      return BUSY_FIELDS.stream().mapToLong(i -> Long.parseLong(fields[i])).sum() * TICK_SECONDS;
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
