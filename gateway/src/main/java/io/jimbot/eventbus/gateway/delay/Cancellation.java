package io.jimbot.eventbus.gateway.delay;

/**
 * What became of a request to cancel an event. Immutable.
 *
 * @param result whether it came in time, as far as that is known
 * @param cancelled how many events were cancelled by it
 */
public record Cancellation(Result result, int cancelled) {

  /** Whether a request came in time. */
  public enum Result {
    /** The event will not be delivered. */
    CANCELLED,
    /** The event lies in the log. */
    TOO_LATE,
    /** No event of that id waits, and none has within the last hour. */
    NOT_WAITING,
    /**
     * The request is stored, and the processor has not answered: it holds if it was stored before
     * the event's time.
     */
    REQUESTED,
    /** The request may not be stored; it can be made again. */
    UNAVAILABLE
  }
}
