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
  private static final long SMALLEST_EVENT = 64;
  private static final long LARGEST_EVENT = DataSize.mebibytes(8).toBytes();

  /** Checks the values. */
  public IngestSettings {
    if (maxEventSize == null
        || maxEventSize.toBytes() < SMALLEST_EVENT
        || maxEventSize.toBytes() > LARGEST_EVENT) {
      throw new IllegalArgumentException(
          "ingest.maxEventSize must be 64B to 8MiB, is " + maxEventSize);
    }
    between("ingest.maxDepth", maxDepth, 2, 512);
    between("ingest.maxNameBytes", maxNameBytes, 1, 65_536);
    between("ingest.maxEvents", maxEvents, 1, 1_000_000);
  }

  private static void between(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be " + least + " to " + most + ", is " + value);
    }
  }

  /** The limits as the decoder takes them. */
  public DecodeLimits limits() {
    return new DecodeLimits(maxDepth, maxNameBytes, maxEvents, (int) maxEventSize.toBytes());
  }
}
