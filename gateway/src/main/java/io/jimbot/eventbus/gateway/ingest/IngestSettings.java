package io.jimbot.eventbus.gateway.ingest;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.event.json.DecodeLimits;

/**
 * What a producer may ask of the gateway within one body.
 *
 * @param maxDepth how deep objects and lists may nest, 2 to 512
 * @param maxNameBytes how long a member's name may be, in bytes, 1 to 65536
 * @param maxEvents how many events a batch may hold, 1 to 1,000,000
 * @param maxEventSize how long one event may be as sent, 64 bytes to 8 MiB
 */
public record IngestSettings(int maxDepth, int maxNameBytes, int maxEvents, DataSize maxEventSize) {
  private static final long LARGEST_EVENT = DataSize.mebibytes(8).toBytes();

  /** Checks the values. */
  public IngestSettings {
    if (maxEventSize == null || maxEventSize.toBytes() > LARGEST_EVENT) {
      throw new IllegalArgumentException("ingest.maxEventSize must be given and at most 8MiB");
    }
    try {
      limits(maxDepth, maxNameBytes, maxEvents, maxEventSize);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("ingest." + e.getMessage(), e);
    }
  }

  /** The limits as the decoder takes them. */
  public DecodeLimits limits() {
    return limits(maxDepth, maxNameBytes, maxEvents, maxEventSize);
  }

  private static DecodeLimits limits(
      int maxDepth, int maxNameBytes, int maxEvents, DataSize maxEventSize) {
    return new DecodeLimits(maxDepth, maxNameBytes, maxEvents, (int) maxEventSize.toBytes());
  }
}
