package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.service.deadletter.LetterSelection;
import io.jimbot.eventbus.service.deadletter.Redrive;
import io.jimbot.eventbus.service.deadletter.Redrives;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterActionKind;
import io.jimbot.events.v1.DeadLetterActionProgress;
import io.jimbot.events.v1.DeadLetterCount;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterStatus;
import io.jimbot.events.v1.KeptDeadLetter;
import java.time.Duration;

/**
 * Does what operators asked for to the dead letters of one partition, a little at a time, the
 * earliest action first. How far it has come is kept in the transaction that holds what was done.
 * Belongs to one task.
 */
final class LetterActions {

  /** How many letters are looked at in one go, and how many are dealt with. */
  private static final int MOST_LOOKED_AT = 5_000;

  private static final int MOST_DONE = 500;

  /** How far the clocks of gateways may differ. */
  private static final Duration LATE = Duration.ofMinutes(10);

  private final int partition;
  private final DeadLetterSettings settings;
  private final LetterStores stores;
  private final LetterOutput output;
  private final Redrives redrives;
  private final DeadLetterMetrics metrics;

  private String running = "";
  private double allowance;

  LetterActions(
      int partition,
      DeadLetterSettings settings,
      LetterStores stores,
      LetterOutput output,
      Redrives redrives,
      DeadLetterMetrics metrics) {
    this.partition = partition;
    this.settings = settings;
    this.stores = stores;
    this.output = output;
    this.redrives = redrives;
    this.metrics = metrics;
  }

  /**
   * Goes on with the earliest action.
   *
   * @param elapsed since the last time
   */
  void goOn(Duration elapsed) {
    for (DeadLetterAction action : stores.open(output.now().minus(LATE).toEpochMilli())) {
      DeadLetterCount counted =
          partition < action.getCountedCount()
              ? action.getCounted(partition)
              : DeadLetterCount.getDefaultInstance();
      if (stores.position() < counted.getUntil()) {
        return; // Not all that it concerns has been read yet.
      }
      if (!goOn(action, counted, elapsed)) {
        return;
      }
    }
  }

  /** Whether the action is finished here. */
  private boolean goOn(DeadLetterAction action, DeadLetterCount counted, Duration elapsed) {
    if (!running.equals(action.getActionId())) {
      running = action.getActionId();
      allowance = 1;
    }
    double rate = share(action, counted);
    allowance = Math.min(allowance + rate * elapsed.toMillis() / 1_000, Math.max(1, rate));
    DeadLetterActionProgress before = stores.progress(running);
    DeadLetterActionProgress.Builder progress =
        before == null
            ? DeadLetterActionProgress.newBuilder().setActionId(running).setPartition(partition)
            : before.toBuilder();
    Run run = new Run(action, counted.getUntil(), progress);
    boolean finished = counted.getUntil() == 0 || stores.visit(progress.getLastId(), run::visit);
    if (finished || run.lookedAt > 0) {
      output.progress(progress.setFinished(finished));
    }
    return finished;
  }

  /** Of the action's rate, as much as of what was counted lies here. */
  private double share(DeadLetterAction action, DeadLetterCount counted) {
    int rate =
        action.getRate() == 0
            ? settings.redriveRate()
            : Math.min(action.getRate(), settings.redriveRate());
    long all = action.getCountedList().stream().mapToLong(DeadLetterCount::getSelected).sum();
    return all == 0 ? rate : Math.max(0.1, (double) rate * counted.getSelected() / all);
  }

  /** One go. */
  private final class Run {

    private final DeadLetterAction action;
    private final LetterSelection selection;
    private final long until;
    private final DeadLetterActionProgress.Builder progress;
    private int lookedAt;
    private int done;

    Run(DeadLetterAction action, long until, DeadLetterActionProgress.Builder progress) {
      this.action = action;
      this.selection = LetterSelection.toActOn(action.getSelector());
      this.until = until;
      this.progress = progress;
    }

    boolean visit(String id, KeptDeadLetter kept) {
      boolean selected =
          kept.getOffset() < until
              && selection.matches(kept.getLetter(), kept.getStatus().getState());
      if (selected && (allowance < 1 || done >= MOST_DONE)) {
        return false;
      }
      lookedAt++;
      progress.setLastId(id);
      if (selected) {
        allowance--;
        done++;
        act(kept);
      }
      return lookedAt < MOST_LOOKED_AT;
    }

    private void act(KeptDeadLetter kept) {
      if (action.getKind() == DeadLetterActionKind.DEAD_LETTER_ACTION_KIND_DISCARD) {
        metrics.discarded();
        done(kept, DeadLetterState.DEAD_LETTER_STATE_DISCARDED);
        return;
      }
      Redrive redrive =
          redrives.of(
              kept.getLetter(), kept.getKey().toByteArray(), action.getTarget(), output.now());
      if (redrive instanceof Redrive.Possible possible) {
        output.event(possible.record());
        metrics.redriven(true);
        done(kept, DeadLetterState.DEAD_LETTER_STATE_REDRIVEN);
      } else if (redrive instanceof Redrive.Refused refused) {
        refuse(kept, refused);
      }
    }

    private void done(KeptDeadLetter kept, DeadLetterState state) {
      progress.setDone(progress.getDone() + 1);
      stores.unschedule(kept.getStatus());
      output.status(kept, state, byThis());
    }

    private void refuse(KeptDeadLetter kept, Redrive.Refused refused) {
      metrics.refused(refused.reason());
      progress.putRefused(refused.reason(), progress.getRefusedOrDefault(refused.reason(), 0) + 1);
      if (!progress.hasFirstRefusal()) {
        progress.setFirstRefusal(kept.getLetter().getDeadLetterId() + ": " + refused.message());
      }
      DeadLetterStatus.Builder status = byThis().setRefusal(refused.message());
      if (kept.getStatus().hasDueAt()) {
        status.setDueAt(kept.getStatus().getDueAt());
      }
      output.status(kept, kept.getStatus().getState(), status);
    }

    private DeadLetterStatus.Builder byThis() {
      return DeadLetterStatus.newBuilder()
          .setActionId(action.getActionId())
          .setBy(action.getRequestedBy());
    }
  }
}
