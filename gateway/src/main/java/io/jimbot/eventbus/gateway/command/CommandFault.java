package io.jimbot.eventbus.gateway.command;

/** Says why a body holds no acceptable command. Carries no stack trace: it is an answer. */
public final class CommandFault extends Exception {

  private static final long serialVersionUID = 1;

  private final boolean malformed;
  private final String path;

  private CommandFault(boolean malformed, String path, String message) {
    super(message, null, false, false);
    this.malformed = malformed;
    this.path = path;
  }

  static CommandFault malformed(String message) {
    return new CommandFault(true, "", message);
  }

  static CommandFault invalid(String path, String rule) {
    return new CommandFault(false, path, path.isEmpty() ? rule : path + ' ' + rule);
  }

  /** Whether it cannot even be read, as opposed to saying something that is not allowed. */
  public boolean malformed() {
    return malformed;
  }

  /** Where in the body; empty for the whole. */
  public String path() {
    return path;
  }
}
