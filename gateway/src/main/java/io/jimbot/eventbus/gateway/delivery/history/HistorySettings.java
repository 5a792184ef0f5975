package io.jimbot.eventbus.gateway.delivery.history;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * Reading back. What passes a limit ends a page early, with a cursor to go on.
 *
 * @param maxEvents how many events one page may hold, 1 to 10,000
 * @param maxScanned how many events are looked at for one page, 1 to 10,000,000
 * @param maxSize how many bytes the events of a page have, 1 KiB to 256 MiB; the last one may pass
 *     it
 * @param maxTime how long is read for one page, 10 ms to 60 s
 * @param readers how many pages are read at a time, 1 to 32; each costs a thread and a consumer
 * @param maxWaiting how many requests wait for a reader, or for their client to take the page, 1 to
 *     10,000; beyond it they are refused
 */
public record HistorySettings(
    int maxEvents,
    int maxScanned,
    DataSize maxSize,
    Duration maxTime,
    int readers,
    int maxWaiting) {

  private static final long KIB = 1024;

  /** How many pages may be in memory at a time. */
  public int maxPages() {
    return readers + maxWaiting;
  }

  /** Checks the values. */
  public HistorySettings {
    Setting.between("delivery.history.maxEvents", maxEvents, 1, 10_000);
    Setting.between("delivery.history.maxScanned", maxScanned, 1, 10_000_000);
    Setting.between("delivery.history.maxSize", maxSize, KIB, 256 * KIB * KIB);
    Setting.between(
        "delivery.history.maxTime", maxTime, Duration.ofMillis(10), Duration.ofSeconds(60));
    Setting.between("delivery.history.readers", readers, 1, 32);
    Setting.between("delivery.history.maxWaiting", maxWaiting, 1, 10_000);
  }
}
