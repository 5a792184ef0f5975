package io.jimbot.eventbus.event.json;

/**
 * What a sender may ask of the decoder. A body within its size limit that passes one of these costs
 * the event that passes it, never the rest of its batch.
 *
 * @param maxDepth how deep objects and lists may nest, the event itself counted as 1; 2 to 512
 * @param maxKeyBytes how long a member's name may be, in bytes as sent; 1 to 65536
 * @param maxEvents how many events one batch may hold; 1 to 1,000,000
 * @param maxEventBytes how long one event may be, in bytes as sent; at least 64
 */
public record DecodeLimits(int maxDepth, int maxKeyBytes, int maxEvents, int maxEventBytes) {

  /**
   * 64 levels, 256 bytes, 10,000 events, 1,000,000 bytes: twenty times what the largest captured
   * state needs.
   */
  public static final DecodeLimits DEFAULT = new DecodeLimits(64, 256, 10_000, 1_000_000);

  public DecodeLimits {
    requireRange("maxDepth", maxDepth, 2, 512);
    requireRange("maxKeyBytes", maxKeyBytes, 1, 65_536);
    requireRange("maxEvents", maxEvents, 1, 1_000_000);
    requireRange("maxEventBytes", maxEventBytes, 64, Integer.MAX_VALUE);
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be from " + least + " to " + most + ", but is " + value);
    }
  }
}
