package io.jimbot.eventbus.processor.topology;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.deadletter.Redrive;
import io.jimbot.eventbus.service.deadletter.RedriveCount;
import io.jimbot.eventbus.service.deadletter.Redrives;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterStatus;
import io.jimbot.events.v1.DeadLetterTarget;
import io.jimbot.events.v1.KeptDeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * Decides about each dead letter as it comes: a repeat counts for nothing, one that may pass comes
 * again by itself, the rest waits for a person. Belongs to one task.
 */
final class LetterRouting {

  /** How many come again in one go. */
  private static final int MOST_DUE = 500;

  private final DeadLetterSettings settings;
  private final LetterStores stores;
  private final LetterOutput output;
  private final Redrives redrives;
  private final DeadLetterMetrics metrics;

  LetterRouting(
      DeadLetterSettings settings,
      LetterStores stores,
      LetterOutput output,
      Redrives redrives,
      DeadLetterMetrics metrics) {
    this.settings = settings;
    this.stores = stores;
    this.output = output;
    this.redrives = redrives;
    this.metrics = metrics;
  }

  /** A dead letter has come. */
  void route(DeadLetter letter, byte[] key, long offset, long timestamp) {
    KeptDeadLetter kept =
        KeptDeadLetter.newBuilder()
            .setLetter(letter)
            .setKey(ByteString.copyFrom(key))
            .setOffset(offset)
            .setStatus(
                DeadLetterStatus.newBuilder()
                    .setDeadLetterId(letter.getDeadLetterId())
                    .setState(DeadLetterState.DEAD_LETTER_STATE_PARKED))
            .build();
    String first = first(letter, timestamp);
    if (first != null) {
      metrics.routed("repeated");
      output.status(
          kept,
          DeadLetterState.DEAD_LETTER_STATE_REPEATED,
          DeadLetterStatus.newBuilder().setRepeats(first));
    } else if (comesAgain(letter, key)) {
      metrics.routed("scheduled");
      schedule(kept);
    } else {
      metrics.routed("parked");
      stores.put(kept);
    }
  }

  private @Nullable String first(DeadLetter letter, long timestamp) {
    // What came out of Kafka has a place of its own, so it never is the same thing again.
    return letter.hasOrigin()
        ? null
        : stores.repeated(
            print(letter), letter.getDeadLetterId(), timestamp, settings.repeatWindow().toMillis());
  }

  private static String print(DeadLetter letter) {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putInt(letter.getStageValue());
    for (String text : new String[] {letter.getReason(), letter.getProducer()}) {
      hasher.putInt(text.length()).putUnencodedChars(text);
    }
    return hasher.putBytes(letter.getOriginal().toByteArray()).hash().toString();
  }

  private boolean comesAgain(DeadLetter letter, byte[] key) {
    return DeadLetterReason.isRetryable(letter.getReason())
        && RedriveCount.of(letter) < settings.maxRetries()
        && redrive(letter, key) instanceof Redrive.Possible;
  }

  private Redrive redrive(DeadLetter letter, byte[] key) {
    return redrives.of(letter, key, DeadLetterTarget.DEAD_LETTER_TARGET_UNSPECIFIED, output.now());
  }

  private void schedule(KeptDeadLetter kept) {
    DeadLetter letter = kept.getLetter();
    String id = letter.getDeadLetterId();
    // Random enough, and the same if a transaction is repeated.
    double random = (id.hashCode() & 0xFFFF) / (double) 0x10000;
    Timestamp due =
        WireTime.of(
            WireTime.instant(letter.getLastFailedAt())
                .plus(settings.delay(RedriveCount.of(letter), random)));
    stores.schedule(id, due);
    output.status(
        kept,
        DeadLetterState.DEAD_LETTER_STATE_SCHEDULED,
        DeadLetterStatus.newBuilder().setDueAt(due));
  }

  /** Sends again what is due. */
  void sendDue() {
    for (String due : stores.due(output.now().toEpochMilli(), MOST_DUE)) {
      KeptDeadLetter kept = stores.letter(stores.unschedule(due));
      // In an older store, an operator may have been faster.
      if (kept != null
          && kept.getStatus().getState() == DeadLetterState.DEAD_LETTER_STATE_SCHEDULED) {
        send(kept);
      }
    }
  }

  private void send(KeptDeadLetter kept) {
    Redrive redrive = redrive(kept.getLetter(), kept.getKey().toByteArray());
    if (redrive instanceof Redrive.Possible possible) {
      output.event(possible.record());
      metrics.redriven(false);
      output.status(
          kept, DeadLetterState.DEAD_LETTER_STATE_REDRIVEN, DeadLetterStatus.newBuilder());
    } else if (redrive instanceof Redrive.Refused refused) {
      metrics.refused(refused.reason());
      output.status(
          kept,
          DeadLetterState.DEAD_LETTER_STATE_PARKED,
          DeadLetterStatus.newBuilder().setRefusal(refused.message()));
    }
  }

  /** Forgets what the topic of dead letters has deleted by now. */
  void forgetOld() {
    long oldest = output.now().minus(settings.keep()).toEpochMilli();
    for (DeadLetterStatus status : stores.forgetBefore(oldest, MOST_DUE)) {
      metrics.forgotten(status.getState());
      output.forget(status.getDeadLetterId());
    }
  }

  /** Whether the text is an id as the bus makes them; others cannot be found again. */
  static boolean isNamed(DeadLetter letter) {
    return DeadLetterId.millis(letter.getDeadLetterId()) >= 0;
  }
}
