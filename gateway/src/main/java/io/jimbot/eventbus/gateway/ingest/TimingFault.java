package io.jimbot.eventbus.gateway.ingest;

/**
 * What a sender says about the time of its events makes no sense.
 *
 * <p>The message is for a person.
 */
public final class TimingFault extends Exception {

  private static final long serialVersionUID = 1;

  private final String reason;
  private final Field field;

  /** Which of the sender's words is at fault. */
  public enum Field {
    /** When to deliver. */
    DELIVER_AT,
    /** For how long. */
    TTL
  }

  TimingFault(String reason, Field field, String message) {
    super(message);
    this.reason = reason;
    this.field = field;
  }

  /** A stable word in lower snake case. */
  public String reason() {
    return reason;
  }

  /** Which of the sender's words is at fault. */
  public Field field() {
    return field;
  }
}
