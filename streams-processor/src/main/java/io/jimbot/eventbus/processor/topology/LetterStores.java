package io.jimbot.eventbus.processor.topology;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterActionProgress;
import io.jimbot.events.v1.DeadLetterStatus;
import io.jimbot.events.v1.KeptDeadLetter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the dead letters of one partition: the letters by their id, the ids by the time
 * at which they come again, how far each action has come. Belongs to one task.
 */
final class LetterStores {

  static final String LETTERS = "letters";
  static final String DUE = "due";
  static final String RUNS = "runs";
  static final String REPEATS = "repeats";
  static final String ACTIONS = "actions";

  private static final String ACTION_PREFIX = "action/";
  private static final String BEHIND_ACTIONS = "action0";
  private static final String POSITION = "position";
  private static final int TIME_DIGITS = 19;
  private static final byte[] NOTHING = {};

  private final KeyValueStore<String, byte[]> letters;
  private final KeyValueStore<String, byte[]> due;
  private final KeyValueStore<String, byte[]> runs;
  private final WindowStore<String, String> repeats;
  private final KeyValueStore<String, byte[]> actions;

  /** Counted once: the store tells no number that is right. */
  private long scheduled;

  /** All before it are finished, so that a long history costs nothing. */
  private String firstOpen = ACTION_PREFIX;

  LetterStores(ProcessorContext<?, ?> context) {
    letters = context.getStateStore(LETTERS);
    due = context.getStateStore(DUE);
    runs = context.getStateStore(RUNS);
    repeats = context.getStateStore(REPEATS);
    actions = context.getStateStore(ACTIONS);
    try (KeyValueIterator<String, byte[]> each = due.all()) {
      each.forEachRemaining(entry -> scheduled++);
    }
  }

  @Nullable KeptDeadLetter letter(String id) {
    byte[] value = letters.get(id);
    return value == null ? null : kept(value);
  }

  void put(KeptDeadLetter letter) {
    letters.put(letter.getLetter().getDeadLetterId(), letter.toByteArray());
  }

  /**
   * Shows letters in the order of their ids.
   *
   * @param after the id behind which it begins; empty for the first
   * @param visitor told the id and the letter; says whether to go on
   * @return whether the end was reached
   */
  boolean visit(String after, BiPredicate<String, KeptDeadLetter> visitor) {
    try (KeyValueIterator<String, byte[]> each =
        letters.range(after.isEmpty() ? null : after, null)) {
      while (each.hasNext()) {
        KeyValue<String, byte[]> next = each.next();
        if (!next.key.equals(after) && !visitor.test(next.key, kept(next.value))) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Forgets letters that were made before a time, some of them at most; says which, and what had
   * become of them.
   */
  List<DeadLetterStatus> forgetBefore(long millis, int most) {
    List<DeadLetterStatus> old = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> each =
        letters.range(null, DeadLetterId.least(Math.max(0, millis)))) {
      while (each.hasNext() && old.size() < most) {
        old.add(kept(each.next().value).getStatus());
      }
    }
    for (DeadLetterStatus status : old) {
      letters.delete(status.getDeadLetterId());
      unschedule(status);
    }
    return old;
  }

  /** The letter comes again at that time. */
  void schedule(String id, Timestamp dueAt) {
    if (due.putIfAbsent(dueKey(millis(dueAt), id), NOTHING) == null) {
      scheduled++;
    }
  }

  /** How many letters come again by themselves. */
  long scheduled() {
    return scheduled;
  }

  /** When the first of them does; {@link Long#MAX_VALUE} if none does. */
  long nextDueMillis() {
    try (KeyValueIterator<String, byte[]> each = due.all()) {
      return each.hasNext()
          ? Long.parseLong(each.next().key.substring(0, TIME_DIGITS))
          : Long.MAX_VALUE;
    }
  }

  /** Letters that are due, some of them at most; each is to be given to {@link #unschedule}. */
  List<String> due(long nowMillis, int most) {
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> each = due.range(null, dueKey(nowMillis + 1, ""))) {
      while (each.hasNext() && keys.size() < most) {
        keys.add(each.next().key);
      }
    }
    return keys;
  }

  /** A letter that was due does not come again by itself any more; returns its id. */
  String unschedule(String dueKey) {
    if (due.delete(dueKey) != null) {
      scheduled--;
    }
    return dueKey.substring(dueKey.indexOf('/') + 1);
  }

  /** A letter of that state does not come again by itself any more, if it would have. */
  void unschedule(DeadLetterStatus status) {
    if (status.hasDueAt()) {
      String unused = unschedule(dueKey(millis(status.getDueAt()), status.getDeadLetterId()));
    }
  }

  private static long millis(Timestamp dueAt) {
    return Math.max(0, WireTime.instant(dueAt).toEpochMilli());
  }

  private static String dueKey(long millis, String id) {
    return String.format(Locale.ROOT, "%0" + TIME_DIGITS + "d/%s", millis, id);
  }

  /** The id of the letter that this one repeats; null if it repeats none, and is remembered. */
  @Nullable String repeated(String print, String id, long atMillis, long windowMillis) {
    String first = null;
    try (WindowStoreIterator<String> found =
        repeats.fetch(print, Math.max(0, atMillis - windowMillis), atMillis)) {
      if (found.hasNext()) {
        first = found.next().value;
      }
    }
    if (first == null) {
      repeats.put(print, id, atMillis);
    }
    return first;
  }

  /** The offset behind the last letter that was read. */
  long position() {
    byte[] value = runs.get(POSITION);
    return value == null ? 0 : ByteBuffer.wrap(value).getLong();
  }

  void position(long next) {
    runs.put(POSITION, ByteBuffer.allocate(Long.BYTES).putLong(0, next).array());
  }

  /** How far an action has come here; null if it has not begun. */
  @Nullable DeadLetterActionProgress progress(String actionId) {
    byte[] value = runs.get(ACTION_PREFIX + actionId);
    try {
      return value == null ? null : DeadLetterActionProgress.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the store holds what was put", e);
    }
  }

  /**
   * Keeps it for as long as the actions themselves, also when it is finished: their topic never
   * forgets one, and a task that begins anew sees them all again. Without its progress an action of
   * the past would be done again, and the trail of what it did be written over.
   */
  void put(DeadLetterActionProgress progress) {
    runs.put(ACTION_PREFIX + progress.getActionId(), progress.toByteArray());
  }

  /**
   * Actions that are not finished here, the earliest first; what is no action is left out.
   *
   * @param settledMillis actions from before that time do not come any more
   */
  List<DeadLetterAction> open(long settledMillis) {
    List<DeadLetterAction> open = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> each = actions.range(firstOpen, BEHIND_ACTIONS)) {
      while (each.hasNext()) {
        KeyValue<String, byte[]> next = each.next();
        DeadLetterAction action = action(next.value);
        if (action != null && !isFinished(action.getActionId())) {
          open.add(action);
        } else if (open.isEmpty()
            && DeadLetterId.millis(next.key.substring(ACTION_PREFIX.length())) < settledMillis) {
          firstOpen = next.key;
        }
      }
    }
    return open;
  }

  private boolean isFinished(String actionId) {
    DeadLetterActionProgress progress = progress(actionId);
    return progress != null && progress.getFinished();
  }

  private static @Nullable DeadLetterAction action(byte[] value) {
    try {
      return DeadLetterAction.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  private static KeptDeadLetter kept(byte[] value) {
    try {
      return KeptDeadLetter.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the store holds what was put", e);
    }
  }
}
