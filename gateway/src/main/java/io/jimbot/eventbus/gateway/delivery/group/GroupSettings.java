package io.jimbot.eventbus.gateway.delivery.group;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * Members of consumer groups.
 *
 * @param maxMembers how many members this gateway may have at a time, 1 to 10,000
 * @param commitInterval how often a place is stored that has changed, 10 ms to 60 s
 * @param bufferEvents how many events of a partition may be read and not yet settled, 1 to 100,000;
 *     those that wait for one of their key that has failed do not count
 * @param bufferSize how many bytes of events a member may have read and not yet settled, 1 MiB to 4
 *     GiB; each of its partitions has an equal part of it, and passes it by one reading at most;
 *     null for the usual size, at most {@value #HEAP_PERCENT} % of the heap
 * @param maxSpan how far a partition is read beyond its oldest unsettled event, in offsets, 1 to
 *     1,000,000
 * @param repeatKeys among how many of a partition's last events a repeat is recognised, 1 to
 *     1,000,000
 */
public record GroupSettings(
    int maxMembers,
    Duration commitInterval,
    int bufferEvents,
    DataSize bufferSize,
    int maxSpan,
    int repeatKeys) {

  private static final long KIB = 1024;
  private static final long MIB = KIB * KIB;

  /** So that twenty members that stand still, with what is fetched for them, leave room. */
  private static final int HEAP_PERCENT = 2;

  private static final DataSize USUAL_BUFFER = DataSize.mebibytes(32);

  /** Checks the values. */
  public GroupSettings {
    Setting.between("delivery.group.maxMembers", maxMembers, 1, 10_000);
    Setting.between(
        "delivery.group.commitInterval",
        commitInterval,
        Duration.ofMillis(10),
        Duration.ofSeconds(60));
    Setting.between("delivery.group.bufferEvents", bufferEvents, 1, 100_000);
    bufferSize = bufferSize == null ? Setting.usual(USUAL_BUFFER, HEAP_PERCENT) : bufferSize;
    Setting.between("delivery.group.bufferSize", bufferSize, MIB, 4 * KIB * MIB);
    Setting.between("delivery.group.maxSpan", maxSpan, 1, 1_000_000);
    Setting.between("delivery.group.repeatKeys", repeatKeys, 1, 1_000_000);
  }
}
