package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayAction;
import java.time.Duration;
import java.time.Instant;

/** What its owner has to do for a replay. */
enum Duty {
  /** Nothing, for now. */
  NONE,
  /** Replay events. */
  RUN,
  /** Write down that it stands still or is cancelled. */
  SETTLE,
  /** Delete the topic of its own: the time of that is over. */
  EXPIRE,
  /** Delete all that is left of it. */
  FORGET;

  /**
   * What is to be done now.
   *
   * @param keepFinished how long it is remembered after its output is gone
   */
  static Duty of(Replay replay, Instant now, Duration keepFinished) {
    ReplayAction wish = replay.wish();
    if (wish == ReplayAction.REPLAY_ACTION_DELETE) {
      return FORGET;
    }
    ReplayState state = replay.state();
    if (state instanceof ReplayState.Finished finished) {
      return ofFinished(replay, finished, now, keepFinished);
    }
    if (wish == ReplayAction.REPLAY_ACTION_CANCEL) {
      return SETTLE;
    }
    if (wish == ReplayAction.REPLAY_ACTION_PAUSE) {
      return state instanceof ReplayState.Paused ? NONE : SETTLE;
    }
    return RUN;
  }

  private static Duty ofFinished(
      Replay replay, ReplayState.Finished finished, Instant now, Duration keepFinished) {
    Instant outputEnd = finished.at().plus(Times.duration(replay.request().getTimeToLive()));
    boolean hasOutput = replay.request().hasOwnTopic() && !replay.progress().getOutputDeleted();
    if (hasOutput) {
      return now.isBefore(outputEnd) ? NONE : EXPIRE;
    }
    return now.isBefore(outputEnd.plus(keepFinished)) ? NONE : FORGET;
  }
}
