package io.jimbot.eventbus.gateway.command;

import java.util.function.Function;

/** What became of a command that was to be issued. Immutable. */
public sealed interface IssueOutcome {

  /** Calls the function that fits. */
  <T> T match(
      Function<? super Issued, ? extends T> issued,
      Function<? super Unavailable, ? extends T> unavailable);

  /** All in-sync replicas have it. */
  record Issued(String commandId) implements IssueOutcome {
    @Override
    public <T> T match(
        Function<? super Issued, ? extends T> issued,
        Function<? super Unavailable, ? extends T> unavailable) {
      return issued.apply(this);
    }
  }

  /**
   * It is not known to be stored, and may be posted again.
   *
   * @param reason a stable word in lower snake case: {@code too_many_pending}, or one of the
   *     publisher's
   * @param message the same for a person
   */
  record Unavailable(String reason, String message) implements IssueOutcome {
    @Override
    public <T> T match(
        Function<? super Issued, ? extends T> issued,
        Function<? super Unavailable, ? extends T> unavailable) {
      return unavailable.apply(this);
    }
  }
}
