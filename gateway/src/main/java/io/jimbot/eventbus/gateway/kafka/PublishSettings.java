package io.jimbot.eventbus.gateway.kafka;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;
import java.util.Set;

/**
 * How records go to Kafka.
 *
 * @param linger how long a batch waits for company, 0 to 1 s; more batching costs less CPU and more
 *     latency
 * @param batchSize the largest batch for one partition, 1 KiB to 16 MiB
 * @param compression {@code none}, {@code lz4}, {@code zstd}, {@code snappy} or {@code gzip}; per
 *     batch
 * @param bufferMemory records that wait for Kafka, 1 MiB to 64 GiB; when it is full, records are
 *     refused at once
 * @param maxRequestSize the largest record and request, 1 KiB to 1 GiB, at most {@code
 *     bufferMemory}
 * @param deliveryTimeout from hand-over to acknowledgement or failure, 100 ms to 60 s
 * @param requestTimeout one request to a broker, at most {@code deliveryTimeout} less {@code
 *     linger}
 * @param stallThreshold how old the oldest unacknowledged record may become before Kafka counts as
 *     away, at least 100 ms and less than {@code deliveryTimeout}
 * @param probeInterval how often Kafka is asked while it is away, 10 ms to 60 s
 * @param closeTimeout how long records in flight have at shutdown, 0 to 60 s
 */
public record PublishSettings(
    Duration linger,
    DataSize batchSize,
    String compression,
    DataSize bufferMemory,
    DataSize maxRequestSize,
    Duration deliveryTimeout,
    Duration requestTimeout,
    Duration stallThreshold,
    Duration probeInterval,
    Duration closeTimeout) {

  private static final Set<String> COMPRESSIONS = Set.of("none", "lz4", "zstd", "snappy", "gzip");
  private static final long MIB = 1024L * 1024;

  /** Checks the values. */
  public PublishSettings {
    Setting.between("publish.linger", linger, Duration.ZERO, Duration.ofSeconds(1));
    Setting.between("publish.batchSize", batchSize, 1024, 16 * MIB);
    Setting.between("publish.bufferMemory", bufferMemory, MIB, 64 * 1024 * MIB);
    Setting.between(
        "publish.maxRequestSize",
        maxRequestSize,
        1024,
        Math.min(1024 * MIB, bufferMemory.toBytes()));
    Setting.between(
        "publish.deliveryTimeout", deliveryTimeout, Duration.ofMillis(100), Duration.ofSeconds(60));
    Setting.between(
        "publish.requestTimeout",
        requestTimeout,
        Duration.ofMillis(10),
        deliveryTimeout.minus(linger));
    Setting.between(
        "publish.stallThreshold",
        stallThreshold,
        Duration.ofMillis(100),
        deliveryTimeout.minusMillis(1));
    Setting.between(
        "publish.probeInterval", probeInterval, Duration.ofMillis(10), Duration.ofSeconds(60));
    Setting.between("publish.closeTimeout", closeTimeout, Duration.ZERO, Duration.ofSeconds(60));
    if (compression == null || !COMPRESSIONS.contains(compression)) {
      throw new IllegalArgumentException(
          "publish.compression must be one of none, lz4, zstd, snappy, gzip, is '"
              + compression
              + "'");
    }
  }
}
