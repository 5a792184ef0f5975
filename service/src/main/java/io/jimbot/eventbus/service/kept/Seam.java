package io.jimbot.eventbus.service.kept;

import io.jimbot.eventbus.service.record.OriginalPosition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the log takes over from the class topics, which hold the same events for longer: what was
 * in the log before the first offset that is read there comes from them, all else from the log,
 * unless it was deleted there meanwhile. So each event comes once. Immutable.
 */
final class Seam {

  private final String log;
  private final Map<Integer, Long> logBegins = new HashMap<>();

  Seam(String log, Collection<Stretch> stretches) {
    this.log = log;
    stretches.stream()
        .filter(stretch -> stretch.isOf(log))
        .forEach(stretch -> logBegins.put(stretch.partition().partition(), stretch.begin()));
  }

  /** Whether the lane's next event comes from this lane, rather than from another. */
  boolean belongs(Lane lane) {
    return lane.isLog()
        || (lane.head().offset() >= lane.stretch().fresh() && isBefore(lane.headOrigin()))
        || fillsGap(lane);
  }

  /** What is not known to have been in the log cannot come from there. */
  private boolean isBefore(OriginalPosition origin) {
    Long begin = origin.topic().equals(log) ? logBegins.get(origin.partition()) : null;
    return begin == null || origin.offset() < begin;
  }

  /** Whether it was to come from the log, which does not have it any more. */
  boolean fillsGap(Lane lane) {
    OriginalPosition origin = lane.headOrigin();
    return origin.topic().equals(log)
        && lane.stretch().gaps().stream()
            .anyMatch(gap -> lane.head().offset() >= gap.from() && gap.holds(origin));
  }
}
