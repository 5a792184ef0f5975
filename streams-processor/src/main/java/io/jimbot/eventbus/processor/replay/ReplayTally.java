package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayProgress;
import io.jimbot.events.v1.ReplaySource;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Counts what a replay has done, and how fast it does it. For one thread. */
final class ReplayTally {

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final ReplayProgress before;
  private long events;
  private long bytes;
  private long scanned;
  private long recovered;
  private long eventMillis;

  private Increase told;

  private long markNanos;
  private long markEvents;
  private long markScanned;
  private double eventsPerSecond;
  private double scannedPerSecond;

  /** So many more. */
  record Increase(long events, long bytes, long scanned) {}

  /** Goes on where an earlier run has come to. */
  ReplayTally(ReplayProgress before, long nowNanos) {
    this.before = before;
    this.events = before.getEvents();
    this.bytes = before.getBytes();
    this.recovered = before.getRecovered();
    this.eventMillis =
        before.hasEventTime()
            ? Times.instant(before.getEventTime()).toEpochMilli()
            : Long.MIN_VALUE;
    this.told = new Increase(events, bytes, 0);
    this.markNanos = nowNanos;
    this.markEvents = events;
  }

  /** An event was looked at, and is wanted or not. */
  void scanned() {
    scanned++;
  }

  /** An event that the log had lost was found in a class topic, and is wanted or not. */
  void recovered() {
    recovered++;
  }

  /** An event was written. */
  void written(long receivedAtMillis, int sizeBytes) {
    events++;
    bytes += sizeBytes;
    eventMillis = Math.max(eventMillis, receivedAtMillis);
  }

  /** What came since the last call. */
  Increase increase() {
    Increase increase =
        new Increase(events - told.events(), bytes - told.bytes(), scanned - told.scanned());
    told = new Increase(events, bytes, scanned);
    return increase;
  }

  /** When the bus took in the event that was written last; only if {@link #hasEvent}. */
  long eventMillis() {
    return eventMillis;
  }

  boolean hasEvent() {
    return eventMillis != Long.MIN_VALUE;
  }

  /** What is known now. */
  ReplayProgress progress(
      ReplayState state, List<ReplaySource> sources, Instant now, long nowNanos) {
    measure(nowNanos);
    ReplayProgress.Builder progress =
        before.toBuilder()
            .clearSources()
            .addAllSources(sources)
            .setEvents(events)
            .setBytes(bytes)
            .setRecovered(recovered)
            .setEventsPerSecond(eventsPerSecond)
            .setScannedPerSecond(scannedPerSecond)
            .setUpdatedAt(Times.timestamp(now));
    if (hasEvent()) {
      progress.setEventTime(Times.timestamp(Instant.ofEpochMilli(eventMillis)));
    }
    state.writeTo(progress);
    return progress.build();
  }

  /** Over a second at least, so that the figures do not jump; the first one comes sooner. */
  private void measure(long nowNanos) {
    double seconds = (nowNanos - markNanos) / NANOS_PER_SECOND;
    boolean first = scannedPerSecond == 0;
    if (seconds >= (first ? 0.1 : 1)) {
      eventsPerSecond = (events - markEvents) / seconds;
      scannedPerSecond = (scanned - markScanned) / seconds;
      markNanos = nowNanos;
      markEvents = events;
      markScanned = scanned;
    }
  }
}
