package io.jimbot.eventbus.gateway.ingest;

import io.jimbot.events.v1.Event;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that came as Protobuf, with what the transport knows about their sender. Immutable.
 *
 * @param events the events
 * @param batch whether they came as a batch: then one that is refused is kept as a dead letter
 * @param producer as in {@link Submission}
 * @param orderingKey as in {@link Submission}
 * @param traceparent as in {@link Submission}
 * @param receivedAt as in {@link Submission}
 * @param timing as in {@link Submission}
 */
public record EventSubmission(
    List<Event> events,
    boolean batch,
    String producer,
    @Nullable String orderingKey,
    @Nullable String traceparent,
    Instant receivedAt,
    Timing timing) {

  /** Copies. */
  public EventSubmission {
    events = List.copyOf(events);
  }
}
