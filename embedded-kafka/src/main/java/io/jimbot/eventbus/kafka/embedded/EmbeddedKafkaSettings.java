package io.jimbot.eventbus.kafka.embedded;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * How to start the broker. Immutable; every value is checked here, and nowhere again.
 *
 * @param dataDirectory where everything is kept, created when absent; it belongs to one broker at a
 *     time and stays when the broker stops
 * @param host the name or address to listen on; a wildcard ({@code 0.0.0.0} or {@code ::}) listens
 *     everywhere and tells clients to come to the loopback address, unless the overrides name
 *     {@code advertised.listeners}
 * @param port the port to listen on, 1 to 65535, or 0 for any free one
 * @param defaultPartitions how many partitions a topic gets that is created without a number, from
 *     1
 * @param brokerOverrides broker properties on top of this package's, by Kafka's names; what makes
 *     the broker a single node in this directory on this port cannot be overridden
 * @param onFatalFault told, once and on a thread of its own, that the broker has met a fault after
 *     which it cannot serve; it may close the broker. It is not told anything once {@code close}
 *     has been called. The JVM is never ended by the broker
 */
public record EmbeddedKafkaSettings(
    Path dataDirectory,
    String host,
    int port,
    int defaultPartitions,
    Map<String, String> brokerOverrides,
    Consumer<? super Throwable> onFatalFault) {

  /** The loopback address, the default host. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** The default of {@code defaultPartitions}. */
  public static final int DEFAULT_PARTITIONS = 4;

  private static final int HIGHEST_PORT = 65_535;

  private static final Set<String> FIXED =
      Set.of(
          "process.roles",
          "node.id",
          "broker.id",
          "listeners",
          "listener.security.protocol.map",
          "inter.broker.listener.name",
          "log.dir",
          "log.dirs",
          "metadata.log.dir");

  /**
   * Checks every value.
   *
   * @throws IllegalArgumentException naming the setting that is out of range
   */
  public EmbeddedKafkaSettings {
    dataDirectory = requireNonNull(dataDirectory, "dataDirectory").toAbsolutePath().normalize();
    check(
        dataDirectory.toString().indexOf(',') < 0,
        "dataDirectory must not have a comma in its path, Kafka would read two directories: "
            + dataDirectory);
    check(!requireNonNull(host, "host").isBlank(), "host must not be blank");
    check(port >= 0 && port <= HIGHEST_PORT, "port must be 0 to 65535, is " + port);
    check(defaultPartitions >= 1, "defaultPartitions must be 1 or more, is " + defaultPartitions);
    brokerOverrides = Map.copyOf(brokerOverrides);
    Set<String> refused = new TreeSet<>(brokerOverrides.keySet());
    refused.removeIf(name -> !FIXED.contains(name) && !name.startsWith("controller."));
    check(refused.isEmpty(), "brokerOverrides must not set " + String.join(", ", refused));
    requireNonNull(onFatalFault, "onFatalFault");
  }

  /**
   * The defaults: the loopback address, any free port, {@value #DEFAULT_PARTITIONS} partitions, no
   * overrides, and a fatal fault is logged only.
   */
  public static EmbeddedKafkaSettings in(Path dataDirectory) {
    return new EmbeddedKafkaSettings(
        dataDirectory, DEFAULT_HOST, 0, DEFAULT_PARTITIONS, Map.of(), fault -> {});
  }

  /** The same on another host. */
  public EmbeddedKafkaSettings withHost(String newHost) {
    return new EmbeddedKafkaSettings(
        dataDirectory, newHost, port, defaultPartitions, brokerOverrides, onFatalFault);
  }

  /** The same on another port. */
  public EmbeddedKafkaSettings withPort(int newPort) {
    return new EmbeddedKafkaSettings(
        dataDirectory, host, newPort, defaultPartitions, brokerOverrides, onFatalFault);
  }

  /** The same with another number of partitions for topics that are created without one. */
  public EmbeddedKafkaSettings withDefaultPartitions(int newDefaultPartitions) {
    return new EmbeddedKafkaSettings(
        dataDirectory, host, port, newDefaultPartitions, brokerOverrides, onFatalFault);
  }

  /** The same with these overrides in the place of all former ones. */
  public EmbeddedKafkaSettings withBrokerOverrides(Map<String, String> newBrokerOverrides) {
    return new EmbeddedKafkaSettings(
        dataDirectory, host, port, defaultPartitions, newBrokerOverrides, onFatalFault);
  }

  /** The same with another receiver of a fatal fault. */
  public EmbeddedKafkaSettings withOnFatalFault(Consumer<? super Throwable> newOnFatalFault) {
    return new EmbeddedKafkaSettings(
        dataDirectory, host, port, defaultPartitions, brokerOverrides, newOnFatalFault);
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
