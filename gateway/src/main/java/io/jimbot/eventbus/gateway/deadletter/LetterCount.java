package io.jimbot.eventbus.gateway.deadletter;

import io.jimbot.events.v1.DeadLetterCount;
import java.util.List;
import java.util.Map;

/**
 * How many dead letters a selector means now.
 *
 * @param partitions what was counted in each partition
 * @param byReason how many, by reason
 */
public record LetterCount(List<DeadLetterCount> partitions, Map<String, Long> byReason) {

  /** How many in all. */
  public long selected() {
    return partitions.stream().mapToLong(DeadLetterCount::getSelected).sum();
  }
}
