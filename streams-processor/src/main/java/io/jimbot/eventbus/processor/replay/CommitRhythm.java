package io.jimbot.eventbus.processor.replay;

import java.util.concurrent.TimeUnit;

/** Says when it is time to make what was written visible. For one thread. */
final class CommitRhythm {

  /** Progress without events is written down so often. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long intervalNanos;
  private final int maxEvents;
  private long lastNanos;
  private long firstNanos;
  private long dueNanos;
  private int events;
  private boolean scanned;

  CommitRhythm(ReplaySettings settings, boolean paced, long nowNanos) {
    this.intervalNanos =
        (paced ? settings.pacedCommitInterval() : settings.commitInterval()).toNanos();
    this.maxEvents = settings.commitEvents();
    this.lastNanos = nowNanos;
  }

  /**
   * An event was written.
   *
   * @param atNanos when it is to be visible, not before those that were written before it
   */
  void written(long atNanos) {
    if (events == 0) {
      firstNanos = atNanos;
    }
    dueNanos = atNanos;
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

  /** When the first of these is to be visible; only if {@link #hasWritten}. */
  long firstNanos() {
    return firstNanos;
  }

  /** When the last of these is to be visible; only if {@link #hasWritten}. */
  long dueNanos() {
    return dueNanos;
  }

  /** Whether the first of these has waited, or more than that have come. */
  boolean isDue(long nowNanos) {
    return events > 0
        ? nowNanos - firstNanos >= intervalNanos || events >= maxEvents
        : scanned && nowNanos - lastNanos >= IDLE_NANOS;
  }

  /** All is visible now. */
  void committed(long nowNanos) {
    lastNanos = nowNanos;
    events = 0;
    scanned = false;
  }
}
