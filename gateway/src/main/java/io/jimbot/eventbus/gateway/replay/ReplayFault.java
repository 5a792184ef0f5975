package io.jimbot.eventbus.gateway.replay;

/** Why a request for a replay makes no sense; the message is for a person. */
public final class ReplayFault extends Exception {

  private static final long serialVersionUID = 1;

  private final String path;

  private ReplayFault(String path, String message) {
    super(message);
    this.path = path;
  }

  static ReplayFault malformed(String message) {
    return new ReplayFault("", message);
  }

  static ReplayFault invalid(String path, String message) {
    return new ReplayFault(path, path + " " + message);
  }

  /** The member at fault; empty if the body is no JSON object at all. */
  public String path() {
    return path;
  }

  /** Whether the body could not be read at all. */
  public boolean malformed() {
    return path.isEmpty();
  }
}
