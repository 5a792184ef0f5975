package io.jimbot.eventbus.service.replay;

import static io.jimbot.events.v1.ReplayStatus.REPLAY_STATUS_CANCELLED;
import static io.jimbot.events.v1.ReplayStatus.REPLAY_STATUS_COMPLETED;
import static io.jimbot.events.v1.ReplayStatus.REPLAY_STATUS_FAILED;
import static io.jimbot.events.v1.ReplayStatus.REPLAY_STATUS_PAUSED;
import static io.jimbot.events.v1.ReplayStatus.REPLAY_STATUS_REQUESTED;
import static io.jimbot.events.v1.ReplayStatus.REPLAY_STATUS_RUNNING;

import io.jimbot.events.v1.ReplayProgress;
import io.jimbot.events.v1.ReplayStatus;
import java.time.Instant;
import java.util.Locale;

/** Where a replay stands. A state offers only its legal next states. Immutable. */
public sealed interface ReplayState {

  /** How it is stored. */
  ReplayStatus status();

  /** The word for people: lower case. */
  default String word() {
    return status().name().substring("REPLAY_STATUS_".length()).toLowerCase(Locale.ROOT);
  }

  /** There is still something to do. */
  sealed interface Unfinished extends ReplayState {

    /** It goes on, or begins. */
    default Running run() {
      return new Running();
    }

    /** It ends before the end. */
    default Cancelled cancel(Instant now) {
      return new Cancelled(now);
    }

    /** It cannot go on. */
    default Failed fail(Instant now, String why) {
      return new Failed(now, why);
    }
  }

  /** Nothing is done any more. */
  sealed interface Finished extends ReplayState {
    /** Since when. */
    Instant at();
  }

  /** No processor has taken it up yet. */
  record Requested() implements Unfinished {
    @Override
    public ReplayStatus status() {
      return REPLAY_STATUS_REQUESTED;
    }

    /** It stands still before it has begun. */
    public Paused pause() {
      return new Paused();
    }
  }

  /** A processor is at it. */
  record Running() implements Unfinished {
    @Override
    public ReplayStatus status() {
      return REPLAY_STATUS_RUNNING;
    }

    /** It stands still until told to go on. */
    public Paused pause() {
      return new Paused();
    }

    /** All is replayed. */
    public Completed complete(Instant now) {
      return new Completed(now);
    }
  }

  /** It stands still. */
  record Paused() implements Unfinished {
    @Override
    public ReplayStatus status() {
      return REPLAY_STATUS_PAUSED;
    }
  }

  /**
   * All was replayed.
   *
   * @param at since when
   */
  record Completed(Instant at) implements Finished {
    @Override
    public ReplayStatus status() {
      return REPLAY_STATUS_COMPLETED;
    }
  }

  /**
   * It was ended before the end.
   *
   * @param at since when
   */
  record Cancelled(Instant at) implements Finished {
    @Override
    public ReplayStatus status() {
      return REPLAY_STATUS_CANCELLED;
    }
  }

  /**
   * It could not go on.
   *
   * @param at since when
   * @param why for a person
   */
  record Failed(Instant at, String why) implements Finished {
    @Override
    public ReplayStatus status() {
      return REPLAY_STATUS_FAILED;
    }
  }

  /** The state that a progress tells of. */
  static ReplayState of(ReplayProgress progress) {
    Instant finished = Times.instant(progress.getFinishedAt());
    return switch (progress.getStatus()) {
      case REPLAY_STATUS_RUNNING -> new Running();
      case REPLAY_STATUS_PAUSED -> new Paused();
      case REPLAY_STATUS_CANCELLED -> new Cancelled(finished);
      case REPLAY_STATUS_COMPLETED -> new Completed(finished);
      case REPLAY_STATUS_FAILED -> new Failed(finished, progress.getFailure());
      case REPLAY_STATUS_REQUESTED, REPLAY_STATUS_UNSPECIFIED, UNRECOGNIZED -> new Requested();
    };
  }

  /** Puts the state into a progress. */
  default void writeTo(ReplayProgress.Builder progress) {
    progress.setStatus(status());
    if (this instanceof Finished finished) {
      progress.setFinishedAt(Times.timestamp(finished.at()));
    }
    if (this instanceof Failed failed) {
      progress.setFailure(failed.why());
    }
  }
}
