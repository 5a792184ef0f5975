package io.jimbot.eventbus.gateway.http;

/** A body that is not taken, and what its sender is told. Carries no stack trace. */
final class RefusedBody extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Answer answer;

  RefusedBody(Answer answer) {
    super(answer.reason(), null, false, false);
    this.answer = answer;
  }

  Answer answer() {
    return answer;
  }
}
