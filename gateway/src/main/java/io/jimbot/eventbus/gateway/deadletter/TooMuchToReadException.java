package io.jimbot.eventbus.gateway.deadletter;

/**
 * A question about dead letters that cannot be answered in full, though Kafka is there. What is
 * answered in part would be taken for all.
 */
public final class TooMuchToReadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * With words for the client.
   *
   * @param message what there is too much of, and what can be done
   */
  public TooMuchToReadException(String message) {
    super(message);
  }
}
