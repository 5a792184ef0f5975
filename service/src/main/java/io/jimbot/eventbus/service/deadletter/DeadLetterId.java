package io.jimbot.eventbus.service.deadletter;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The ids of dead letters: UUIDs of version 7. They begin with the time at which the dead letter
 * was made, which is the time of its record, so that one is found in its topic without an index.
 * Those of one process and one millisecond are counted, so that they sort in the order in which
 * they were made, and events that failed together are redriven in their order.
 */
public final class DeadLetterId {

  private static final int VERSION = 7;
  private static final int TIME_SHIFT = 16;
  private static final long BELOW_TIME = 0xFFFFL;
  private static final int COUNT_BITS = 12;
  private static final long COUNT = (1L << COUNT_BITS) - 1;

  /** The latest time that an id was made for, and under it how many were made since. */
  private static final AtomicLong LATEST = new AtomicLong();

  private DeadLetterId() {}

  /** A new id. */
  public static String at(Instant time) {
    long millis = time.toEpochMilli();
    long count = LATEST.updateAndGet(latest -> next(latest, millis)) & COUNT;
    long high = millis << TIME_SHIFT | ((long) VERSION << COUNT_BITS) | count;
    return new UUID(high, UUID.randomUUID().getLeastSignificantBits()).toString();
  }

  private static long next(long latest, long millis) {
    return millis > latest >>> COUNT_BITS
        ? millis << COUNT_BITS
        : latest & ~COUNT | (latest + 1) & COUNT;
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
