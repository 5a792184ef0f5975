package io.jimbot.eventbus.bench;

import io.jimbot.eventbus.bench.load.Pace;
import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Window;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * One stretch of load and what it cost: a line of the results. What is not known is not a number.
 *
 * @param at when it ended
 * @param payload what was sent
 * @param requestsPerSecond how many requests were offered each second, or {@code max}
 * @param target {@code raw} or {@code gateway}
 * @param seconds how long it took
 * @param requests how many succeeded
 * @param events how many events they held
 * @param failures how many requests did not succeed
 * @param unsent how many requests were due and did not get to leave
 * @param eventsPerSecond acknowledged
 * @param p50Millis latency from the intended time of sending to the answer
 * @param p99Millis latency
 * @param p999Millis latency
 * @param maxMillis latency
 * @param cpuSecondsPerThousandEvents of the gateway's process, or of this one for {@code raw}
 * @param brokerCpuSecondsPerThousandEvents of the broker's process
 * @param othersCores how many cores were busy with something else
 */
record Measurement(
    Instant at,
    String payload,
    String requestsPerSecond,
    String target,
    double seconds,
    long requests,
    long events,
    long failures,
    long unsent,
    double eventsPerSecond,
    double p50Millis,
    double p99Millis,
    double p999Millis,
    double maxMillis,
    double cpuSecondsPerThousandEvents,
    double brokerCpuSecondsPerThousandEvents,
    double othersCores) {

  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  static Measurement of(
      Instant at, Payload payload, Pace pace, Contender contender, Window window, CpuSeconds cpu) {
    double seconds = window.nanos() / NANOS_PER_SECOND;
    double thousands = window.events() / 1000.0;
    return new Measurement(
        at,
        payload.name(),
        pace.toString(),
        contender.word(),
        seconds,
        window.requests(),
        window.events(),
        window.failures(),
        window.unsent(),
        window.events() / seconds,
        percentile(window, 50),
        percentile(window, 99),
        percentile(window, 99.9),
        percentile(window, 100),
        contender.cpuSeconds(cpu) / thousands,
        cpu.broker() / thousands,
        cpu.others() / seconds);
  }

  private static double percentile(Window window, double percentile) {
    return window.latencies().getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }
}
