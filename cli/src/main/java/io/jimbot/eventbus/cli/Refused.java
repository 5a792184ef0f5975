package io.jimbot.eventbus.cli;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/** The bus said no, or nothing. The message is all that a person needs. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private Refused(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static Refused because(String message) {
    return new Refused(message, null);
  }

  static Refused by(Object address, StatusRuntimeException status) {
    return of(address, status.getStatus(), status);
  }

  static Refused by(Object address, StatusException status) {
    return of(address, status.getStatus(), status);
  }

  private static Refused of(Object address, io.grpc.Status status, Exception cause) {
    String description = status.getDescription();
    return new Refused(
        address + ": " + status.getCode() + (description == null ? "" : ": " + description), cause);
  }
}
