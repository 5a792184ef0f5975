package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayRequest;
import io.jimbot.events.v1.ReplaySource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of the events that are read are replayed. Immutable. */
final class Selection {

  private final EventFilter filter;
  private final long fromMillis;
  private final long untilMillis;
  private final Seam seam;

  Selection(ReplayRequest request, String log, List<ReplaySource> sources) {
    this.filter =
        new EventFilter(
            request.getTopicsList().stream().map(TopicPattern::new).toList(),
            Set.copyOf(request.getEventTypesList()),
            Set.of(),
            Set.copyOf(request.getGameIdsList()),
            Map.of());
    this.fromMillis =
        request.hasFrom() ? Times.instant(request.getFrom()).toEpochMilli() : Long.MIN_VALUE;
    this.untilMillis = Times.instant(request.getUntil()).toEpochMilli();
    this.seam = new Seam(log, sources);
  }

  /** Whether the next event of a lane is wanted, from this lane. */
  boolean wants(Lane lane) {
    long receivedAt = lane.head().timestamp();
    return receivedAt >= fromMillis
        && receivedAt < untilMillis
        && seam.belongs(lane)
        && filter.matches(new StoredEvent(lane.head()));
  }
}
