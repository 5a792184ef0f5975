package io.jimbot.eventbus.kafka.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The broker did not start, or met a fault that it cannot go on after. The message is complete for
 * a person: it names what was at fault and what to do about it.
 */
public final class EmbeddedKafkaException extends RuntimeException {

  /** What was at fault, so that a caller can name its own setting for it. */
  public enum Reason {
    /** The address: the port is taken or not permitted, or the host is not of this machine. */
    ADDRESS,
    /** The data directory: in use, not writable, or not one that this broker may open. */
    DATA_DIRECTORY,
    /** Kafka itself, with the given overrides and what lies in the data directory. */
    BROKER
  }

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  EmbeddedKafkaException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What was at fault. */
  public Reason reason() {
    return reason;
  }
}
