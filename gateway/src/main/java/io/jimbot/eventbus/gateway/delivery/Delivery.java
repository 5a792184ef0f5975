package io.jimbot.eventbus.gateway.delivery;

import org.jspecify.annotations.Nullable;

/**
 * An event on its way to one subscriber. Immutable.
 *
 * @param event the event, shared with other subscribers
 * @param attempt which delivery of it to this group or queue this is, from 1
 * @param ackId names it when it is acknowledged; null for tail
 */
public record Delivery(StoredEvent event, int attempt, @Nullable AckId ackId) {

  /** The delivery to a tail subscriber. */
  public static Delivery unacknowledged(StoredEvent event) {
    return new Delivery(event, 1, null);
  }
}
