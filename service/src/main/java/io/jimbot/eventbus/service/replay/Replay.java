package io.jimbot.eventbus.service.replay;

import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayProgress;
import io.jimbot.events.v1.ReplayRequest;
import io.jimbot.events.v1.ReplaySource;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A managed replay, as far as it is known. Immutable.
 *
 * @param id its id
 * @param partition the partition of the replays topic that holds all its records
 * @param request what is asked for
 * @param wish what an operator wants of it
 * @param progress how far it has come; the default instance if it has not begun
 */
public record Replay(
    String id, int partition, ReplayRequest request, ReplayAction wish, ReplayProgress progress) {

  /** Where it stands. */
  public ReplayState state() {
    return ReplayState.of(progress);
  }

  /** How many records it reads in all, wanted or not; 0 while that is not known. */
  public long total() {
    return progress.getSourcesList().stream().mapToLong(s -> s.getEnd() - s.getBegin()).sum();
  }

  /** How many of them it has read. */
  public long scanned() {
    return progress.getSourcesList().stream().mapToLong(s -> s.getNext() - s.getBegin()).sum();
  }

  /** How much of it is done, 0 to 1. */
  public double fraction() {
    if (state() instanceof ReplayState.Completed) {
      return 1;
    }
    long total = total();
    return total == 0 ? 0 : Math.min(1, (double) scanned() / total);
  }

  /**
   * How long it will still take at its present pace; null if that cannot be told. In the original
   * timing it is the time between the events that counts, else the reading.
   */
  public @Nullable Duration timeLeft() {
    if (!(state() instanceof ReplayState.Running) || progress.getSourcesCount() == 0) {
      return null;
    }
    if (request.getSpeed() > 0 && progress.hasEventTime()) {
      Duration between =
          Duration.between(
              Times.instant(progress.getEventTime()), Times.instant(progress.getLastEventTime()));
      return Duration.ofMillis(Math.max(0, (long) (between.toMillis() / request.getSpeed())));
    }
    double perSecond = progress.getScannedPerSecond();
    long left = total() - scanned();
    return perSecond <= 0 ? null : Duration.ofMillis((long) (1000 * (left / perSecond)));
  }

  /** When the topic of its own goes; null while it has not ended, or if there is none. */
  public @Nullable Instant outputExpires() {
    return state() instanceof ReplayState.Finished finished && request.hasOwnTopic()
        ? finished.at().plus(Times.duration(request.getTimeToLive()))
        : null;
  }

  /** Whether a source has anything left. */
  public static boolean isDone(ReplaySource source) {
    return source.getNext() >= source.getEnd();
  }
}
