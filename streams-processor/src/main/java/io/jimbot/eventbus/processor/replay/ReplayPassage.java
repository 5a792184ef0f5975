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
 * oldest, waits until it is due, writes it, and commits in its rhythm. Used once, by one thread.
 */
final class ReplayPassage {

  private static final Duration FETCH = Duration.ofMillis(100);

  /** A wait that is worth a commit before it. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final LaneReader reader;
  private final Selection selection;
  private final ReplayTarget target;
  private final ReplayJournal journal;
  private final ReplayTally tally;
  private final Pacer pacer;
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
      if (reader.hasNext(FETCH)) {
        next();
      }
      if (rhythm.isDue(System.nanoTime())) {
        commit(new ReplayState.Running());
      }
    }
    ReplayState state = ended();
    commit(state);
    return state;
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
      return;
    }
    long receivedAt = lane.head().timestamp();
    long now = System.nanoTime();
    long wait = pacer.isPaced() ? pacer.dueNanos(receivedAt, now) - now : 0;
    if (wait > 0) {
      await(wait);
      return;
    }
    if (pacer.isPaced()) {
      metrics.late(-wait);
      pacer.gone(receivedAt, now);
    }
    write(lane, receivedAt);
  }

  /** The event is asked for again afterwards: meanwhile something else may be wanted. */
  private void await(long nanos) throws InterruptedException {
    if (nanos > PAUSE_NANOS && rhythm.hasWritten()) {
      commit(new ReplayState.Running());
    } else {
      control.await(nanos);
    }
  }

  private void write(Lane lane, long receivedAt) {
    ProducerRecord<byte[], byte[]> record = target.record(lane);
    journal.write(record);
    int bytes = record.value() == null ? 0 : record.value().length;
    tally.written(receivedAt, bytes);
    rhythm.written();
    take();
  }

  private void take() {
    tally.scanned();
    if (reader.fillsGap()) {
      tally.recovered();
    }
    reader.take();
  }

  private void commit(ReplayState state) {
    long before = System.nanoTime();
    journal.commit(
        tally.progress(state, ReplaySources.write(reader.places()), clock.instant(), before));
    long now = System.nanoTime();
    rhythm.committed(now);
    metrics.committed(now - before, tally.increase());
  }
}
