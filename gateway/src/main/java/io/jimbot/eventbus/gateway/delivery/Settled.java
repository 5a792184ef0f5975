package io.jimbot.eventbus.gateway.delivery;

/** What came of a {@link Settlement}. */
public enum Settled {
  /** It was taken. A repetition of an acknowledgement is taken as well. */
  DONE,
  /** Too late: the delivery timed out or its partition moved, and the event comes again. */
  EXPIRED,
  /** No delivery of this gateway, or of a subscription that has ended. */
  NOT_HERE
}
