package io.jimbot.eventbus.gateway.replay;

import io.jimbot.eventbus.service.replay.Replay;
import java.util.function.Function;

/** What came of a wish. Immutable. */
public sealed interface ReplayOutcome {

  /** Calls the function that fits. */
  <T> T match(
      Function<? super Done, ? extends T> done, Function<? super Refused, ? extends T> refused);

  /**
   * It is stored.
   *
   * @param replay the replay, as it is known now
   */
  record Done(Replay replay) implements ReplayOutcome {
    @Override
    public <T> T match(
        Function<? super Done, ? extends T> done, Function<? super Refused, ? extends T> refused) {
      return done.apply(this);
    }
  }

  /**
   * It is not.
   *
   * @param kind what the caller can do
   * @param reason a stable word in lower snake case
   * @param message why, for a person
   */
  record Refused(Kind kind, String reason, String message) implements ReplayOutcome {
    @Override
    public <T> T match(
        Function<? super Done, ? extends T> done, Function<? super Refused, ? extends T> refused) {
      return refused.apply(this);
    }
  }

  /** What a caller can do about a refusal. */
  enum Kind {
    /** Name another one: there is no such replay. */
    UNKNOWN,
    /** Nothing: the replay has ended. */
    CONFLICT,
    /** Wait until others have ended, or delete some. */
    EXHAUSTED,
    /** Try again soon. */
    UNAVAILABLE
  }
}
