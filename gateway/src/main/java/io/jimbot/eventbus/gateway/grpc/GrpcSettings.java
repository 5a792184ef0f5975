package io.jimbot.eventbus.gateway.grpc;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * The gRPC server.
 *
 * @param bindHost the address to listen on; {@code 0.0.0.0} is all
 * @param port the port, 1 to 65535; 0 takes a free one
 * @param maxMessageSize the largest request message, 1 KiB to 64 MiB
 * @param maxInFlightSize what all events that wait for Kafka may hold of memory, at least {@code
 *     maxMessageSize}, up to 64 GiB; null for {@value #HEAP_PERCENT} % of the heap
 * @param maxStreamsPerConnection calls at a time on one connection, 1 to 100,000
 * @param publishesInFlight how many events of one stream may wait for Kafka, 1 to 100,000; beyond
 *     it the stream is not read
 * @param heartbeatInterval how long a subscription is silent before it gets a sign of life, 100 ms
 *     to 10 min
 * @param keepaliveTime how long a connection is silent before it is asked whether it is alive, 1 s
 *     to 1 h
 * @param retryAfter what a client is told to wait when Kafka is away, up to 60 s
 * @param drainTimeout how long subscribers have at shutdown to acknowledge and to go elsewhere, 0
 *     to 10 min
 */
public record GrpcSettings(
    String bindHost,
    int port,
    DataSize maxMessageSize,
    DataSize maxInFlightSize,
    int maxStreamsPerConnection,
    int publishesInFlight,
    Duration heartbeatInterval,
    Duration keepaliveTime,
    Duration retryAfter,
    Duration drainTimeout) {

  /** Events in flight cost several times their bytes, and are not all that the heap holds. */
  private static final int HEAP_PERCENT = 5;

  private static final int MAX_PORT = 65_535;
  private static final long KIB = 1024;

  /** Checks the values. */
  public GrpcSettings {
    if (bindHost == null || bindHost.isBlank()) {
      throw new IllegalArgumentException("grpc.bindHost must be given, for example 127.0.0.1");
    }
    Setting.between("grpc.port", port, 0, MAX_PORT);
    Setting.between("grpc.maxMessageSize", maxMessageSize, KIB, 64 * KIB * KIB);
    maxInFlightSize =
        maxInFlightSize == null
            ? Setting.shareOfHeap(HEAP_PERCENT, "grpc.maxMessageSize", maxMessageSize)
            : maxInFlightSize;
    Setting.between(
        "grpc.maxInFlightSize", maxInFlightSize, maxMessageSize.toBytes(), 64 * KIB * KIB * KIB);
    Setting.between("grpc.maxStreamsPerConnection", maxStreamsPerConnection, 1, 100_000);
    Setting.between("grpc.publishesInFlight", publishesInFlight, 1, 100_000);
    Duration tenMinutes = Duration.ofMinutes(10);
    Setting.between(
        "grpc.heartbeatInterval", heartbeatInterval, Duration.ofMillis(100), tenMinutes);
    Setting.between(
        "grpc.keepaliveTime", keepaliveTime, Duration.ofSeconds(1), Duration.ofHours(1));
    Setting.between("grpc.retryAfter", retryAfter, Duration.ZERO, Duration.ofSeconds(60));
    Setting.between("grpc.drainTimeout", drainTimeout, Duration.ZERO, tenMinutes);
  }
}
