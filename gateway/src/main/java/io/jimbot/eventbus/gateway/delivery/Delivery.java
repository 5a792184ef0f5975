package io.jimbot.eventbus.gateway.delivery;

import io.jimbot.eventbus.service.record.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to one subscriber. Immutable.
 *
 * @param event the event, shared with other subscribers
 * @param attempt which delivery of it to this group or queue this is, from 1
 * @param ackId names it when it is acknowledged; null for tail
 * @param traceparent the W3C trace context for the subscriber to go on with
 */
public record Delivery(
    StoredEvent event, int attempt, @Nullable AckId ackId, @Nullable String traceparent) {

  /** With the trace context of the event itself. */
  public Delivery(StoredEvent event, int attempt, @Nullable AckId ackId) {
    this(event, attempt, ackId, event.traceparent());
  }

  /** The delivery to a tail subscriber. */
  public static Delivery unacknowledged(StoredEvent event) {
    return new Delivery(event, 1, null);
  }

  /** The same with the event in another version of its type. */
  public Delivery carrying(StoredEvent other) {
    return new Delivery(other, attempt, ackId, traceparent);
  }

  /** The same with another trace context. */
  public Delivery tracedAs(@Nullable String context) {
    return new Delivery(event, attempt, ackId, context);
  }
}
