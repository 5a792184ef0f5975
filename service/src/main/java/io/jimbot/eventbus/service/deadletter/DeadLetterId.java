package io.jimbot.eventbus.service.deadletter;

import java.time.Instant;
import java.util.UUID;

/**
 * The ids of dead letters: UUIDs of version 7. They begin with the time at which the dead letter
 * was made, which is the time of its record, so that one is found in its topic without an index.
 */
public final class DeadLetterId {

  private static final int VERSION = 7;
  private static final int TIME_SHIFT = 16;
  private static final long BELOW_TIME = 0xFFFFL;
  private static final long BELOW_VERSION = 0x0FFFL;

  private DeadLetterId() {}

  /** A new id. */
  public static String at(Instant time) {
    UUID random = UUID.randomUUID();
    long high =
        time.toEpochMilli() << TIME_SHIFT
            | ((long) VERSION << 12)
            | (random.getMostSignificantBits() & BELOW_VERSION);
    return new UUID(high, random.getLeastSignificantBits()).toString();
  }

  /**
   * When the dead letter of that id was made, in milliseconds since 1970; -1 if the text is no such
   * id.
   */
  public static long millis(String id) {
    try {
      UUID uuid = UUID.fromString(id);
      return uuid.version() == VERSION && uuid.toString().equals(id)
          ? uuid.getMostSignificantBits() >>> TIME_SHIFT
          : -1;
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }

  /** The least of the ids that were made at that time or later, as text that sorts like ids. */
  public static String least(long epochMillis) {
    return new UUID(Math.max(0, epochMillis) << TIME_SHIFT & ~BELOW_TIME, 0).toString();
  }
}
