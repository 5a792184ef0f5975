package io.jimbot.eventbus.gateway.delivery;

import org.jspecify.annotations.Nullable;

/** What a member of a group or queue holds: read and not settled. Thread-safe. */
public interface Leases {

  /** The next delivery; null if there is none, or too many are out. */
  @Nullable Delivery next();

  /** Settles a delivery. */
  Settled settle(AckId id, Settlement settlement);
}
