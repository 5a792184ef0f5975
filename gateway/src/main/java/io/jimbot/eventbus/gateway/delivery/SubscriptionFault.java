package io.jimbot.eventbus.gateway.delivery;

/**
 * Why a subscription was refused or ended. Immutable.
 *
 * @param kind what a client can do about it
 * @param reason a stable word in lower snake case
 * @param field the part of the request that is at fault, for example {@code start.resume_token};
 *     empty if none is
 * @param message what is wrong, for a person
 */
public record SubscriptionFault(Kind kind, String reason, String field, String message) {

  /** The part of the request that says where to begin. */
  private static final String START = "start";

  /** What a client can do about a fault. */
  public enum Kind {
    /** Ask for something else: the request makes no sense. */
    INVALID,
    /** Begin elsewhere: the events asked for are not kept any more. */
    OUT_OF_RANGE,
    /** Change the group or the request: they do not go together. */
    CONFLICT,
    /** Try another gateway, or later: this one has as many as it may have. */
    EXHAUSTED,
    /** Try again soon, at any gateway: Kafka is away, or this gateway stops. */
    UNAVAILABLE,
    /** Nothing, or try again: a bug, which the log tells of under the id in the message. */
    INTERNAL
  }

  /** Whether the place is at fault at which it was to begin, so that another one would do. */
  public boolean isOfStart() {
    return field.equals(START) || field.startsWith(START + ".");
  }
}
