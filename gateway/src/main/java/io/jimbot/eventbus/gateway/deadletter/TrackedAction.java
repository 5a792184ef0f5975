package io.jimbot.eventbus.gateway.deadletter;

import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterActionProgress;
import io.jimbot.events.v1.DeadLetterCount;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was asked for, and how far it has come. Immutable.
 *
 * @param action what was asked for, by whom and when
 * @param progress of each partition that has begun
 */
public record TrackedAction(DeadLetterAction action, List<DeadLetterActionProgress> progress) {

  /** How many dead letters were selected when it was asked for. */
  public long selected() {
    return action.getCountedList().stream().mapToLong(DeadLetterCount::getSelected).sum();
  }

  /** How many were redriven or discarded. */
  public long done() {
    return progress.stream().mapToLong(DeadLetterActionProgress::getDone).sum();
  }

  /** How many could not be, by reason. */
  public Map<String, Long> refused() {
    Map<String, Long> refused = new TreeMap<>();
    progress.forEach(
        part -> part.getRefusedMap().forEach((why, count) -> refused.merge(why, count, Long::sum)));
    return refused;
  }

  /** What was wrong with one of those; empty if there are none. */
  public String firstRefusal() {
    return progress.stream()
        .map(DeadLetterActionProgress::getFirstRefusal)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** Whether all partitions are done. */
  public boolean isFinished() {
    return progress.stream().filter(DeadLetterActionProgress::getFinished).count()
        >= action.getCountedCount();
  }
}
