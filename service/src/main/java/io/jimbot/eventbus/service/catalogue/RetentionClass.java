package io.jimbot.eventbus.service.catalogue;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * How events are kept. Immutable.
 *
 * @param time from when the bus took an event in, 1 min to 100 years; zero is for ever
 * @param size bytes of each partition, at least 1 MiB; zero is any number
 * @param cleanup what goes
 * @param partitions 1 to 10000
 * @param maxMessageSize the largest record, 1 KiB to 16 MiB
 */
public record RetentionClass(
    Duration time, DataSize size, Cleanup cleanup, int partitions, DataSize maxMessageSize) {

  private static final Duration LEAST_TIME = Duration.ofMinutes(1);
  private static final Duration MOST_TIME = Duration.ofDays(36_525);
  private static final int MOST_PARTITIONS = 10_000;
  private static final long KIB = 1024;

  /** Checks the values. */
  public RetentionClass {
    if (time == null || !time.isZero()) {
      Setting.between("classes.*.time, if not 0s,", time, LEAST_TIME, MOST_TIME);
    }
    if (size == null || size.toBytes() != 0) {
      Setting.between("classes.*.size, if not 0B,", size, KIB * KIB, Long.MAX_VALUE);
    }
    if (cleanup == null) {
      throw new IllegalArgumentException(
          "classes.*.cleanup must be delete, compact or compact_delete");
    }
    Setting.between("classes.*.partitions", partitions, 1, MOST_PARTITIONS);
    Setting.between("classes.*.maxMessageSize", maxMessageSize, KIB, 16 * KIB * KIB);
  }
}
