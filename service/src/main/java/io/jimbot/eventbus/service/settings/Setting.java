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
   * A size that was not given: the usual one, as long as the heap is large enough for it.
   *
   * @param percent of the most memory that Java's heap may take, beyond which it does not go
   */
  public static DataSize usual(DataSize size, int percent) {
    return DataSize.bytes(
        Math.min(size.toBytes(), Runtime.getRuntime().maxMemory() / 100 * percent));
  }

  /**
   * A size that was not given: a share of the most memory that Java's heap may take, so that it
   * follows the memory of the machine or the container.
   *
   * @param percent of the heap, 1 to 100
   * @param leastKey the setting that is the least
   * @param least the answer in any case, if that share is smaller
   * @throws IllegalArgumentException if that is more than a quarter of the heap
   */
  public static DataSize shareOfHeap(int percent, String leastKey, DataSize least) {
    long heap = Runtime.getRuntime().maxMemory();
    if (least.toBytes() > heap / 4) {
      throw new IllegalArgumentException(
          leastKey
              + " must be at most a quarter of Java's heap, "
              + heap / 4
              + "B, is "
              + least.toBytes()
              + "B");
    }
    return DataSize.bytes(Math.max(heap / 100 * percent, least.toBytes()));
  }
}
