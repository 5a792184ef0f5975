package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.kept.Lane;
import io.jimbot.eventbus.service.kept.LaneReader;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.events.v1.ReplayAction;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Replays events from one place on, until the end or until something else is wanted: takes the
 * oldest, writes it, and commits in its rhythm. Events that are to come at a time are written a
 * moment before it, as a commit is quicker and takes a steadier time than writing. Used once, by
 * one thread.
 */
final class ReplayPassage {

  private static final Duration FETCH = Duration.ofMillis(100);

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
      Clock clock) {
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
  }

  /**
   * Runs; when it returns, all that was written is committed.
   *
   * @return where the replay stands then
   */
  ReplayState run() throws InterruptedException {
    if (tally.hasEvent()) {
      pacer.goOnAfter(tally.eventMillis(), System.nanoTime());
    }
    while (control.isRunning() && !reader.isAtEnd()) {
      if (reader.hasNext(patience())) {
        next();
      } else if (isWaitedFor()) {
        commit(new ReplayState.Running());
      }
      if (rhythm.isDue(System.nanoTime())) {
        commit(new ReplayState.Running());
      }
    }
    ReplayState state = ended();
    commit(state);
    return state;
  }

  /** What is written must not be late because what comes next is not known yet. */
  private Duration patience() {
    return isWaitedFor()
        ? Duration.ofNanos(Math.max(0, rhythm.dueNanos() - System.nanoTime()))
        : FETCH;
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
      if (isWaitedFor() && System.nanoTime() - rhythm.firstNanos() > punctuality.togetherNanos()) {
        commit(new ReplayState.Running());
      }
      return;
    }
    long now = System.nanoTime();
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
      control.await(due - now - punctuality.leadNanos());
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
        tally.progress(
            state, ReplaySources.write(reader.places()), clock.instant(), System.nanoTime()));
    if (isWaitedFor() && rhythm.dueNanos() > System.nanoTime()) {
      journal.flush();
      awaitDue();
    }
    long before = System.nanoTime();
    journal.commit();
    long now = System.nanoTime();
    rhythm.committed(now);
    metrics.committed(now - before, tally.increase());
  }

  /** Waits until what was written is due; not once something else is wanted. */
  private void awaitDue() throws InterruptedException {
    long left = rhythm.dueNanos() - System.nanoTime();
    while (left > 0 && control.isRunning()) {
      control.await(left);
      left = rhythm.dueNanos() - System.nanoTime();
    }
  }
}
