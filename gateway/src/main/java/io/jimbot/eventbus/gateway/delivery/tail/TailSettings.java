package io.jimbot.eventbus.gateway.delivery.tail;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;

/**
 * Subscriptions without a group.
 *
 * @param maxSubscriptions how many may be open at a time, 1 to 100,000
 * @param windowEvents how many events wait for one slow subscriber, 1 to 100,000
 * @param windowSize how many bytes these may have, 1 KiB to 1 GiB; the last one may pass it
 * @param windowsSize how many bytes may wait for all of them together, 64 KiB to 64 GiB: each has
 *     an equal share, and never more than {@code windowSize}; null for the usual size, at most
 *     {@value #WINDOWS_HEAP_PERCENT} % of the heap
 * @param recentSize how much of the log's end is kept in memory, 64 KiB to 4 GiB: a subscriber that
 *     is behind by less costs no reading of its own; null for the usual size, at most {@value
 *     #RECENT_HEAP_PERCENT} % of the heap
 * @param catchUpReaders how many readers those share that are further behind, 1 to 64
 * @param repeatKeys how many of the last events a repeat is recognised among, 1 to 10,000,000
 * @param maxDeduplicating how many subscriptions may ask for repeats to be left out, 0 to 100,000:
 *     each has a memory of its own
 */
public record TailSettings(
    int maxSubscriptions,
    int windowEvents,
    DataSize windowSize,
    DataSize windowsSize,
    DataSize recentSize,
    int catchUpReaders,
    int repeatKeys,
    int maxDeduplicating) {

  /** The same with another number of readers for those that are behind. */
  public TailSettings withCatchUpReaders(int readers) {
    return new TailSettings(
        maxSubscriptions,
        windowEvents,
        windowSize,
        windowsSize,
        recentSize,
        readers,
        repeatKeys,
        maxDeduplicating);
  }

  private static final long KIB = 1024;
  private static final long GIB = KIB * KIB * KIB;
  private static final int WINDOWS_HEAP_PERCENT = 15;
  private static final DataSize USUAL_WINDOWS = DataSize.mebibytes(128);
  private static final int RECENT_HEAP_PERCENT = 3;
  private static final DataSize USUAL_RECENT = DataSize.mebibytes(16);

  /** Checks the values. */
  public TailSettings {
    Setting.between("delivery.tail.maxSubscriptions", maxSubscriptions, 1, 100_000);
    Setting.between("delivery.tail.windowEvents", windowEvents, 1, 100_000);
    Setting.between("delivery.tail.windowSize", windowSize, KIB, GIB);
    windowsSize =
        windowsSize == null ? Setting.usual(USUAL_WINDOWS, WINDOWS_HEAP_PERCENT) : windowsSize;
    recentSize = recentSize == null ? Setting.usual(USUAL_RECENT, RECENT_HEAP_PERCENT) : recentSize;
    Setting.between("delivery.tail.windowsSize", windowsSize, 64 * KIB, 64 * GIB);
    Setting.between("delivery.tail.recentSize", recentSize, 64 * KIB, 4 * GIB);
    Setting.between("delivery.tail.catchUpReaders", catchUpReaders, 1, 64);
    Setting.between("delivery.tail.repeatKeys", repeatKeys, 1, 10_000_000);
    Setting.between("delivery.tail.maxDeduplicating", maxDeduplicating, 0, 100_000);
  }
}
