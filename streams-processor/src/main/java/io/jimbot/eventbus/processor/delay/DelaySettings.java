package io.jimbot.eventbus.processor.delay;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.processor.topology.DelayRules;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * How delayed events are kept.
 *
 * @param maxEventsPerPartition how many may wait in one partition, 1 to 1,000,000,000; what comes
 *     beyond goes to the dead letters, so that gateways should refuse earlier
 * @param maxSizePerPartition how many bytes they may have, 1 MiB to 1 TiB
 * @param tick how often it is looked for what is due, 10 ms to 1 s
 */
public record DelaySettings(
    int maxEventsPerPartition, DataSize maxSizePerPartition, Duration tick) {

  private static final Duration MEMORY = Duration.ofHours(1);
  private static final long MIB = 1024 * 1024;

  /** Checks the values. */
  public DelaySettings {
    Setting.between("delay.maxEventsPerPartition", maxEventsPerPartition, 1, 1_000_000_000);
    Setting.between("delay.maxSizePerPartition", maxSizePerPartition, MIB, MIB * MIB);
    Setting.between("delay.tick", tick, Duration.ofMillis(10), Duration.ofSeconds(1));
  }

  DelayRules rules() {
    return new DelayRules(maxEventsPerPartition, maxSizePerPartition.toBytes(), tick, MEMORY);
  }
}
