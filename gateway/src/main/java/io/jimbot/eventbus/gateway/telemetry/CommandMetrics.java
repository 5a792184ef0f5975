package io.jimbot.eventbus.gateway.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The metrics of commands back to the game. Issued, handed out and lost claims count at the gateway
 * that did it and may be summed over gateways; what waits and what expires every gateway sees
 * itself, so that the sum counts it as often as there are gateways. Thread-safe.
 */
public final class CommandMetrics {

  private final PrometheusRegistry registry;
  private final Counter issued;
  private final Counter handedOut;
  private final Counter expired;
  private final Counter claimsLost;
  private final Counter overflowed;
  private final Counter tailErrors;

  /** Registers them. */
  public CommandMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    this.issued = counter("issued", "Commands that this gateway has stored in Kafka.");
    this.handedOut = counter("handed_out", "Commands that this gateway gave to a poll.");
    this.expired =
        counter("expired", "Commands that nobody had claimed in time, as seen by this gateway.");
    this.claimsLost =
        counter("claims_lost", "Claims of this gateway that came after another gateway's.");
    this.overflowed =
        counter("overflowed", "Commands in Kafka beyond what this gateway can keep in mind.");
    this.tailErrors =
        counter("tail_errors", "Failures to read commands, and records that made no sense.");
  }

  private Counter counter(String name, String help) {
    return Counter.builder()
        .name("eventbus_commands_" + name + "_total")
        .help(help)
        .register(registry);
  }

  /** Shows what waits and how far behind the reader is; to be called once. */
  public void watch(IntSupplier pending, LongSupplier lag) {
    GaugeWithCallback.builder()
        .name("eventbus_commands_pending")
        .help("Commands that wait for a poll, as seen by this gateway.")
        .callback(callback -> callback.call(pending.getAsInt()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("eventbus_commands_tail_lag_records")
        .help("Records of the commands topic that this gateway has not read yet.")
        .callback(callback -> callback.call(lag.getAsLong()))
        .register(registry);
  }

  /** Kafka acknowledged a command. */
  public void issued() {
    issued.inc();
  }

  /** A poll was given so many. */
  public void handedOut(int commands) {
    handedOut.inc(commands);
  }

  /** So many waited too long. */
  public void expired(int commands) {
    expired.inc(commands);
  }

  /** Another gateway was first. */
  public void claimLost() {
    claimsLost.inc();
  }

  /** There were too many to keep this one in mind. */
  public void overflowed() {
    overflowed.inc();
  }

  /** The reader failed, or read something that makes no sense. */
  public void tailError() {
    tailErrors.inc();
  }
}
