package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.kept.Lane;
import io.jimbot.eventbus.service.kept.LaneReader;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.events.v1.ReplayAction;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Replays events from one place on, until the end or until something else is wanted: takes the
 * oldest, writes it, and commits in its rhythm. Events that are to come at a time are written a
 * moment before it, as a commit is quicker and takes a steadier time than writing. Used once, by
 * one thread.
 */
final class ReplayPassage {

  private static final Duration FETCH = Duration.ofMillis(100);
  private static final long LONGEST_SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LaneReader reader;
  private final Selection selection;
  private final ReplayTarget target;
  private final ReplayJournal journal;
  private final ReplayTally tally;
  private final Pacer pacer;
  private final Punctuality punctuality;
  private final CommitRhythm rhythm;
  private final ReplayControl control;
  private final ReplayMetrics metrics;
  private final Clock clock;
  private final ReplayTime time;

  /** When there was an event last, or progress was written down. */
  private long heardNanos;

  /**
   * From the place of the reader on.
   *
   * @param time what it waits by, and the reader, too
   */
  ReplayPassage(
      LaneReader reader,
      Selection selection,
      ReplayTarget target,
      ReplayJournal journal,
      ReplayTally tally,
      Pacer pacer,
      Punctuality punctuality,
      CommitRhythm rhythm,
      ReplayControl control,
      ReplayMetrics metrics,
      Clock clock,
      ReplayTime time) {
    this.reader = reader;
    this.selection = selection;
    this.target = target;
    this.journal = journal;
    this.tally = tally;
    this.pacer = pacer;
    this.punctuality = punctuality;
    this.rhythm = rhythm;
    this.control = control;
    this.metrics = metrics;
    this.clock = clock;
    this.time = time;
  }

  /**
   * Runs; when it returns, all that was written is committed.
   *
   * @return where the replay stands then
   * @throws TimeoutException if no event came for a minute: what there is to be read may be gone,
   *     which whoever begins anew finds out
   */
  ReplayState run() throws InterruptedException {
    heardNanos = now();
    if (tally.hasEvent()) {
      pacer.goOnAfter(tally.eventMillis(), now());
    }
    while (control.isRunning() && !reader.isAtEnd()) {
      if (reader.hasNext(patience())) {
        next();
        heardNanos = now();
      } else {
        nothing();
      }
      if (rhythm.isDue(now())) {
        commit(new ReplayState.Running());
      }
    }
    ReplayState state = ended();
    commit(state);
    return state;
  }

  private void nothing() throws InterruptedException {
    if (isWaitedFor()) {
      commit(new ReplayState.Running());
    } else if (now() - heardNanos > LONGEST_SILENCE_NANOS) {
      // Offsets without events that were passed meanwhile need not be passed again.
      commit(new ReplayState.Running());
      throw new TimeoutException("nothing could be read for a minute");
    }
  }

  private long now() {
    return time.nanos();
  }

  /** What is written must not be late because what comes next is not known yet. */
  private Duration patience() {
    return isWaitedFor() ? Duration.ofNanos(Math.max(0, rhythm.dueNanos() - now())) : FETCH;
  }

  /** Whether there is something that is to be visible at a time. */
  private boolean isWaitedFor() {
    return pacer.isPaced() && rhythm.hasWritten();
  }

  private ReplayState ended() {
    ReplayState.Running running = new ReplayState.Running();
    if (control.isRunning()) {
      return running.complete(clock.instant());
    }
    if (control.isLeaving() || control.wish() == ReplayAction.REPLAY_ACTION_DELETE) {
      return running;
    }
    return control.wish() == ReplayAction.REPLAY_ACTION_PAUSE
        ? running.pause()
        : running.cancel(clock.instant());
  }

  private void next() throws InterruptedException {
    Lane lane = reader.next();
    if (!reader.belongs() || !selection.wants(lane.head())) {
      rhythm.leftOut();
      take();
      if (isWaitedFor() && now() - rhythm.firstNanos() > punctuality.togetherNanos()) {
        commit(new ReplayState.Running());
      }
      return;
    }
    long now = now();
    if (pacer.isPaced()) {
      paced(lane, now);
    } else {
      write(lane, now, now);
    }
  }

  /**
   * Events that are not written now are asked for again: meanwhile something else may be wanted.
   */
  private void paced(Lane lane, long now) throws InterruptedException {
    long receivedAt = lane.head().timestamp();
    long due = pacer.dueNanos(receivedAt, now);
    if (rhythm.hasWritten()
        && due - Math.max(now, rhythm.firstNanos()) > punctuality.togetherNanos()) {
      commit(new ReplayState.Running());
    } else if (due - now > punctuality.leadNanos()) {
      time.await(control, due - now - punctuality.leadNanos());
    } else {
      pacer.gone(receivedAt, now);
      metrics.late(Math.max(0, now - due));
      write(lane, Math.max(due, now), now);
    }
  }

  private void write(Lane lane, long atNanos, long now) {
    long receivedAt = lane.head().timestamp();
    long ahead = TimeUnit.NANOSECONDS.toMillis(atNanos - now);
    ProducerRecord<byte[], byte[]> record = target.record(lane, clock.millis() + ahead);
    journal.write(record);
    int bytes = record.value() == null ? 0 : record.value().length;
    tally.written(receivedAt, bytes);
    rhythm.written(atNanos);
    take();
  }

  private void take() {
    tally.scanned();
    if (reader.fillsGap()) {
      tally.recovered();
    }
    reader.take();
  }

  private void commit(ReplayState state) throws InterruptedException {
    journal.note(
        tally.progress(state, ReplaySources.write(reader.places()), clock.instant(), now()));
    if (isWaitedFor() && rhythm.dueNanos() > now()) {
      journal.flush();
      awaitDue();
    }
    long before = now();
    journal.commit();
    long now = now();
    rhythm.committed(now);
    heardNanos = now;
    metrics.committed(now - before, tally.increase());
  }

  /** Waits until what was written is due; not once something else is wanted. */
  private void awaitDue() throws InterruptedException {
    long left = rhythm.dueNanos() - now();
    while (left > 0 && control.isRunning()) {
      time.await(control, left);
      left = rhythm.dueNanos() - now();
    }
  }
}
