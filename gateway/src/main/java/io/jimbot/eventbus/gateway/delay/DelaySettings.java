package io.jimbot.eventbus.gateway.delay;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * What the gateway keeps to with delayed events.
 *
 * @param maxEvents how many may wait, in all partitions together, as far as the gateway knows; more
 *     are refused, 1 to 1,000,000,000
 * @param maxSize how many bytes they may have, 1 MiB to 1 TiB
 * @param cancelTimeout how long a request to cancel waits for the processor, 10 ms to 30 s
 */
public record DelaySettings(int maxEvents, DataSize maxSize, Duration cancelTimeout) {

  private static final long MIB = 1024 * 1024;

  /** Checks the values. */
  public DelaySettings {
    Setting.between("delay.maxEvents", maxEvents, 1, 1_000_000_000);
    Setting.between("delay.maxSize", maxSize, MIB, MIB * MIB);
    Setting.between(
        "delay.cancelTimeout", cancelTimeout, Duration.ofMillis(10), Duration.ofSeconds(30));
  }
}
