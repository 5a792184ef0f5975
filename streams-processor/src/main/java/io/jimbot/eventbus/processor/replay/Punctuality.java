package io.jimbot.eventbus.processor.replay;

import io.jimbot.events.v1.ReplayRequest;
import java.util.concurrent.TimeUnit;

/**
 * How a paced replay sees to it that events come when they are due. Immutable.
 *
 * @param leadNanos how long before it is due an event is written
 * @param togetherNanos events that are due within this share a commit, at the time of the last; one
 *     for each would take longer
 */
record Punctuality(long leadNanos, long togetherNanos) {

  private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /**
   * In a timing each event comes at its time; at a rate they need not, and share commits. What goes
   * into the log is not written before it is due: while a transaction is open there, subscribers
   * see nothing that came after its beginning.
   */
  static Punctuality of(ReplayRequest request, ReplaySettings settings) {
    boolean timing = request.getSpeed() > 0;
    return new Punctuality(
        timing && request.hasOwnTopic() ? LEAD_NANOS : 0,
        timing ? TOGETHER_NANOS : settings.pacedCommitInterval().toNanos());
  }
}
