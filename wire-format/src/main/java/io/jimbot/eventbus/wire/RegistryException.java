package io.jimbot.eventbus.wire;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The schema registry gave no answer, or said no. */
public final class RegistryException extends IOException {

  private static final long serialVersionUID = 1;

  private static final int SUBJECT_NOT_FOUND = 40401;
  private static final int VERSION_NOT_FOUND = 40402;
  private static final int SCHEMA_NOT_FOUND = 40403;
  private static final int TOO_MANY_REQUESTS = 429;

  private final boolean refused;
  private final int code;

  private RegistryException(String message, boolean refused, int code, @Nullable Throwable cause) {
    super(message, cause);
    this.refused = refused;
    this.code = code;
  }

  /** None of the registry's addresses answered. */
  static RegistryException unreachable(String message, @Nullable Throwable cause) {
    return new RegistryException(message, false, 0, cause);
  }

  /**
   * It answered no.
   *
   * @param code its own code, else the HTTP status
   */
  static RegistryException refused(String message, int code, @Nullable Throwable cause) {
    return new RegistryException(message, true, code, cause);
  }

  /** Whether an HTTP status is a no that lasts. */
  static boolean isRefusal(int status) {
    return status / 100 == 4 && status != TOO_MANY_REQUESTS;
  }

  /** Whether it answered, and no; asking again will not help before somebody changes something. */
  public boolean refused() {
    return refused;
  }

  /** Whether the registry says that it does not know what was asked for. */
  boolean notFound() {
    return code == SUBJECT_NOT_FOUND
        || code == VERSION_NOT_FOUND
        || code == SCHEMA_NOT_FOUND
        || code == 404;
  }

  /** A stable word in lower snake case. */
  public String reason() {
    return refused ? "schema_refused" : "schema_registry_unreachable";
  }
}
