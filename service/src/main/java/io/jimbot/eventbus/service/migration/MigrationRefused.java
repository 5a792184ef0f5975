package io.jimbot.eventbus.service.migration;

/** A migration that does not begin or cannot go on, and why; the message is for a person. */
public final class MigrationRefused extends Exception {

  private static final long serialVersionUID = 1;

  MigrationRefused(String message) {
    super(message);
  }

  MigrationRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
