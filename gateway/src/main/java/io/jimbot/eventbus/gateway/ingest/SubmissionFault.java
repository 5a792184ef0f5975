package io.jimbot.eventbus.gateway.ingest;

/**
 * What a sender says beside its events, of their time or order, makes no sense.
 *
 * <p>The message is for a person.
 */
public final class SubmissionFault extends Exception {

  private static final long serialVersionUID = 1;

  private final String reason;
  private final Field field;

  /** Which of the sender's words is at fault. */
  public enum Field {
    /** When to deliver. */
    DELIVER_AT,
    /** For how long. */
    TTL,
    /** The key under which they keep their order. */
    ORDERING_KEY
  }

  SubmissionFault(String reason, Field field, String message) {
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
