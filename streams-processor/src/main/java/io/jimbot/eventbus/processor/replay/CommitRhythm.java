package io.jimbot.eventbus.processor.replay;

import java.util.concurrent.TimeUnit;

/** Says when it is time to make what was written visible. For one thread. */
final class CommitRhythm {

  /** Progress without events is written down so often. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long intervalNanos;
  private final int maxEvents;
  private long lastNanos;
  private int events;
  private boolean scanned;

  CommitRhythm(ReplaySettings settings, boolean paced, long nowNanos) {
    this.intervalNanos =
        (paced ? settings.pacedCommitInterval() : settings.commitInterval()).toNanos();
    this.maxEvents = settings.commitEvents();
    this.lastNanos = nowNanos;
  }

  /** An event was written. */
  void written() {
    events++;
    scanned = true;
  }

  /** An event was read and left out. */
  void leftOut() {
    scanned = true;
  }

  /** Whether there is something that is not visible yet. */
  boolean hasWritten() {
    return events > 0;
  }

  boolean isDue(long nowNanos) {
    long since = nowNanos - lastNanos;
    return events > 0
        ? since >= intervalNanos || events >= maxEvents
        : scanned && since >= IDLE_NANOS;
  }

  /** All is visible now. */
  void committed(long nowNanos) {
    lastNanos = nowNanos;
    events = 0;
    scanned = false;
  }
}
