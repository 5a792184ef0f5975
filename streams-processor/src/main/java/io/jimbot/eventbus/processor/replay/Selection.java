package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayRequest;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Which of the events that are read are replayed. Immutable. */
final class Selection {

  private final EventFilter filter;
  private final long fromMillis;
  private final long untilMillis;

  Selection(ReplayRequest request) {
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
  }

  boolean wants(ConsumerRecord<byte[], byte[]> event) {
    long receivedAt = event.timestamp();
    return receivedAt >= fromMillis
        && receivedAt < untilMillis
        && filter.matches(new StoredEvent(event));
  }
}
