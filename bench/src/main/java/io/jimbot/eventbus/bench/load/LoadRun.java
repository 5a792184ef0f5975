package io.jimbot.eventbus.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Drives a target, with at most so many requests under way at a time. Not thread-safe. */
public final class LoadRun {

  private static final long LONGEST_LATENCY_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final int DIGITS = 3;

  private final Target target;
  private final Payload payload;
  private final long[] dueOfSlot;
  private final long[] numberOfSlot;
  private final int[] free;
  private int freeCount;
  private long number;

  /** Drives with that many slots. */
  public LoadRun(Target target, Payload payload, int slots) {
    this.target = target;
    this.payload = payload;
    dueOfSlot = new long[slots];
    numberOfSlot = new long[slots];
    free = new int[slots];
    for (int slot = 0; slot < slots; slot++) {
      release(slot);
    }
  }

  /**
   * Sends for so long, and returns when all that was sent is done.
   *
   * @throws IOException if the target is gone, or something stays unanswered for long
   */
  public Window drive(Pace pace, Duration length) throws IOException {
    Tally tally = new Tally();
    long start = System.nanoTime();
    long end = start + length.toNanos();
    long sent = 0;
    long now = start;
    while (now < end || freeCount < free.length) {
      long due = pace.due(start, sent, now);
      while (freeCount > 0 && due <= now && due < end && now < end) {
        send(due);
        due = pace.due(start, ++sent, now);
      }
      if (now > end + GRACE_NANOS) {
        throw new IOException(free.length - freeCount + " requests stay unanswered");
      }
      long until = now >= end ? end + GRACE_NANOS : freeCount == 0 ? end : Math.min(due, end);
      target.await(until, tally);
      now = System.nanoTime();
    }
    return tally.window(start, unsent(pace, length, sent));
  }

  private void send(long due) throws IOException {
    int slot = free[--freeCount];
    dueOfSlot[slot] = due;
    numberOfSlot[slot] = number;
    target.send(slot, number++, due);
  }

  private void release(int slot) {
    free[freeCount++] = slot;
  }

  private static long unsent(Pace pace, Duration length, long sent) {
    return pace.isClosedLoop()
        ? 0
        : Math.max(0, length.toNanos() * pace.perSecond() / TimeUnit.SECONDS.toNanos(1) - sent);
  }

  /** Counts what is done. */
  private final class Tally implements Target.Completion {
    private final Histogram latencies = new Histogram(LONGEST_LATENCY_NANOS, DIGITS);
    private long requests;
    private long events;
    private long failures;
    private long last;

    @Override
    public void completed(int slot, boolean succeeded, long nanoTime) {
      if (succeeded) {
        requests++;
        events += payload.request(numberOfSlot[slot]).events().size();
        long latency = Math.max(0, nanoTime - dueOfSlot[slot]);
        latencies.recordValue(Math.min(LONGEST_LATENCY_NANOS, latency));
      } else {
        failures++;
      }
      last = nanoTime;
      release(slot);
    }

    Window window(long start, long unsent) {
      return new Window(latencies, requests, events, failures, unsent, last - start);
    }
  }
}
