package io.jimbot.eventbus.gateway.delivery;

import org.jspecify.annotations.Nullable;

/** How events are shared out among subscribers. Immutable. */
public sealed interface Sharing {

  /** What of a delivery's time counts; null if nothing is acknowledged. */
  @Nullable AcknowledgementPolicy policy();

  /** Every subscriber gets every event; nothing is acknowledged. */
  record Tail() implements Sharing {
    @Override
    public @Nullable AcknowledgementPolicy policy() {
      return null;
    }
  }

  /**
   * The members of a group share the events, in order per ordering key, each until it is
   * acknowledged.
   *
   * @param name the group
   * @param policy how
   */
  record Group(String name, AcknowledgementPolicy policy) implements Sharing {}

  /**
   * The workers of a queue share the events, in no order, each until it is acknowledged.
   *
   * @param name the queue
   * @param policy how
   */
  record Queue(String name, AcknowledgementPolicy policy) implements Sharing {}
}
