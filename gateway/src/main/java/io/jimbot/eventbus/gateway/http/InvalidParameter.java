package io.jimbot.eventbus.gateway.http;

/** A parameter of a request that makes no sense; the message names it. */
final class InvalidParameter extends Exception {

  private static final long serialVersionUID = 1;

  InvalidParameter(String name, String message) {
    super(name + ": " + message);
  }

  Answer answer() {
    return Answer.error(422, "invalid", String.valueOf(getMessage()));
  }
}
