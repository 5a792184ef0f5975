package io.jimbot.eventbus.service.kept;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Puts the events of many lanes into one row, by the time at which the bus took them in; events of
 * one lane stay in its order, and of events of one millisecond, those of one partition of the log
 * stay in the log's, as long as no lane mixes partitions of the log: one that does may hide an
 * event behind another of the same millisecond. For one thread.
 */
final class LaneMerge {

  private static final Comparator<Lane> OLDEST_FIRST =
      Comparator.comparingLong(Lane::headMillis)
          .thenComparingInt(lane -> lane.headOrigin().partition())
          .thenComparingLong(lane -> lane.headOrigin().offset())
          .thenComparing(lane -> lane.partition().topic())
          .thenComparingInt(lane -> lane.partition().partition());

  /** Those that have an event at hand. */
  private final PriorityQueue<Lane> ready = new PriorityQueue<>(OLDEST_FIRST);

  /** Those that have none at hand, and may have one. */
  private final Set<Lane> hungry = new HashSet<>();

  LaneMerge(List<Lane> lanes) {
    lanes.stream().filter(lane -> !lane.isDone()).forEach(hungry::add);
  }

  /** Looks again at lanes that had nothing at hand, after more was read. */
  void refresh() {
    hungry.removeIf(
        lane -> {
          if (!lane.isDone() && !lane.isHungry()) {
            ready.add(lane);
          }
          return !lane.isHungry();
        });
  }

  /** Which event is the oldest is known only once every lane shows its next one. */
  boolean needsMore() {
    return !hungry.isEmpty();
  }

  /** Whether there is nothing left. */
  boolean isAtEnd() {
    return ready.isEmpty() && hungry.isEmpty();
  }

  /** The lane with the oldest event; only if nothing more is needed and it is not at the end. */
  Lane oldest() {
    return ready.element();
  }

  /** The oldest event is done with. */
  void take() {
    Lane lane = ready.remove();
    lane.take();
    if (lane.isHungry()) {
      hungry.add(lane);
    } else if (!lane.isDone()) {
      ready.add(lane);
    }
  }
}
