package io.jimbot.eventbus.gateway.delivery;

/** How events are shared out among subscribers. Immutable. */
public sealed interface Sharing {

  /** Every subscriber gets every event; nothing is acknowledged. */
  record Tail() implements Sharing {}

  /** Each event goes to one of several subscribers at a time, until it is acknowledged. */
  sealed interface Acknowledged extends Sharing {

    /** How long that may take, and what becomes of an event that is not acknowledged. */
    AcknowledgementPolicy policy();
  }

  /**
   * The members of a group share the events, in order per ordering key, each until it is
   * acknowledged.
   *
   * @param name the group
   * @param policy how
   */
  record Group(String name, AcknowledgementPolicy policy) implements Acknowledged {}

  /**
   * The workers of a queue share the events, in no order, each until it is acknowledged.
   *
   * @param name the queue
   * @param policy how
   */
  record Queue(String name, AcknowledgementPolicy policy) implements Acknowledged {}
}
