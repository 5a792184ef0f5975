package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.record.OriginalPosition;
import io.jimbot.events.v1.ReplaySource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the log takes over from the class topics, which hold the same events for longer: what was
 * in the log before the first offset that is read there comes from them, all else from the log. So
 * each event comes once. Immutable.
 */
final class Seam {

  private final String log;
  private final Map<Integer, Long> logBegins = new HashMap<>();

  Seam(String log, List<ReplaySource> sources) {
    this.log = log;
    sources.stream()
        .filter(source -> source.getTopic().equals(log))
        .forEach(source -> logBegins.put(source.getPartition(), source.getBegin()));
  }

  /** Whether the lane's next event comes from this lane, rather than from another. */
  boolean belongs(Lane lane) {
    return lane.isLog() || isBefore(lane.headOrigin());
  }

  /** What is not known to have been in the log cannot come from there. */
  private boolean isBefore(OriginalPosition origin) {
    Long begin = origin.topic().equals(log) ? logBegins.get(origin.partition()) : null;
    return begin == null || origin.offset() < begin;
  }
}
