package io.jimbot.eventbus.service.settings;

import io.dropwizard.util.DataSize;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks the value of one setting, and says its key if it is not allowed. */
public final class Setting {
  private Setting() {}

  /**
   * A time within limits, both included.
   *
   * @throws IllegalArgumentException if it is absent or beyond
   */
  public static void between(String key, @Nullable Duration value, Duration least, Duration most) {
    if (value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          key
              + " must be "
              + least.toMillis()
              + "ms to "
              + most.toMillis()
              + "ms, is "
              + (value == null ? "absent" : value.toMillis() + "ms"));
    }
  }

  /**
   * A size within limits in bytes, both included.
   *
   * @throws IllegalArgumentException if it is absent or beyond
   */
  public static void between(
      String key, @Nullable DataSize value, long leastBytes, long mostBytes) {
    if (value == null || value.toBytes() < leastBytes || value.toBytes() > mostBytes) {
      throw new IllegalArgumentException(
          key
              + " must be "
              + leastBytes
              + "B to "
              + mostBytes
              + "B, is "
              + (value == null ? "absent" : value));
    }
  }

  /**
   * A number within limits, both included.
   *
   * @throws IllegalArgumentException if it is beyond
   */
  public static void between(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + " must be " + least + " to " + most + ", is " + value);
    }
  }

  /**
   * A size that was not given: a share of the most memory that Java's heap may take, so that it
   * follows the memory of the machine or the container.
   *
   * @param percent of the heap, 1 to 100
   * @param least the answer in any case, if that share is smaller
   */
  public static DataSize shareOfHeap(int percent, DataSize least) {
    long bytes = Runtime.getRuntime().maxMemory() / 100 * percent;
    return DataSize.bytes(Math.max(bytes, least.toBytes()));
  }
}
