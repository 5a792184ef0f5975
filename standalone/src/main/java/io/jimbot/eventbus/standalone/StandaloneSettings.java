package io.jimbot.eventbus.standalone;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to start in one JVM. The gateway and the broker check the ports' ranges.
 *
 * @param httpPort the gateway's port, 0 for any free one; null for what its configuration says
 * @param grpcPort the same for gRPC
 * @param kafkaPort the broker's port, 0 for any free one
 * @param dataDirectory where everything that is kept lies, created when absent
 * @param gatewayConfig the gateway's YAML; null for the defaults
 * @param processorPort the port of the processor's HTTP, 0 for any free one; null to serve none
 * @param processorConfig the processor's YAML; null for the defaults
 */
public record StandaloneSettings(
    @Nullable Integer httpPort,
    @Nullable Integer grpcPort,
    int kafkaPort,
    Path dataDirectory,
    @Nullable Path gatewayConfig,
    @Nullable Integer processorPort,
    @Nullable Path processorConfig) {

  /** Makes the directory's path absolute. */
  public StandaloneSettings {
    dataDirectory = requireNonNull(dataDirectory, "dataDirectory").toAbsolutePath().normalize();
  }

  /**
   * Where the broker keeps its data: a part of the data directory, so that others can have theirs.
   */
  Path kafkaDirectory() {
    return dataDirectory.resolve("kafka");
  }

  /** Where the processor keeps its copies of state that Kafka holds. */
  Path processorDirectory() {
    return dataDirectory.resolve("processor");
  }
}
