package io.jimbot.eventbus.gateway.ingest;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.event.json.DecodeLimits;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * What a producer may ask of the gateway within one body.
 *
 * @param maxDepth how deep objects and lists may nest, 2 to 512
 * @param maxNameBytes how long a member's name may be, in bytes, 1 to 65536
 * @param maxEvents how many events a batch may hold, 1 to 1,000,000
 * @param maxEventSize how long one event may be as sent, 64 bytes to 8 MiB
 * @param repeatKeys how many of the last events that came over gRPC are remembered, so that one
 *     that is sent again is not stored again, 1 to 10,000,000; some 200 bytes each
 * @param repeatWindow how long each of them is remembered at most, 1 s to 1 d
 * @param maxDelay how far ahead an event may be sent, 1 s to 365 d
 */
public record IngestSettings(
    int maxDepth,
    int maxNameBytes,
    int maxEvents,
    DataSize maxEventSize,
    int repeatKeys,
    Duration repeatWindow,
    Duration maxDelay) {
  private static final long SMALLEST_EVENT = 64;
  private static final long LARGEST_EVENT = DataSize.mebibytes(8).toBytes();

  /** Checks the values. */
  public IngestSettings {
    Setting.between("ingest.maxEventSize", maxEventSize, SMALLEST_EVENT, LARGEST_EVENT);
    Setting.between("ingest.maxDepth", maxDepth, 2, 512);
    Setting.between("ingest.maxNameBytes", maxNameBytes, 1, 65_536);
    Setting.between("ingest.maxEvents", maxEvents, 1, 1_000_000);
    Setting.between("ingest.repeatKeys", repeatKeys, 1, 10_000_000);
    Setting.between("ingest.repeatWindow", repeatWindow, Duration.ofSeconds(1), Duration.ofDays(1));
    Setting.between("ingest.maxDelay", maxDelay, Duration.ofSeconds(1), Duration.ofDays(365));
  }

  /** The limits as the decoder takes them. */
  public DecodeLimits limits() {
    return new DecodeLimits(maxDepth, maxNameBytes, maxEvents, (int) maxEventSize.toBytes());
  }
}
