package io.jimbot.eventbus.service.deadletter;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterSelector;
import io.jimbot.events.v1.DeadLetterState;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Says which dead letters a selector means. Immutable. */
public final class LetterSelection {

  private static final Set<DeadLetterState> OPEN =
      Set.of(DeadLetterState.DEAD_LETTER_STATE_PARKED, DeadLetterState.DEAD_LETTER_STATE_SCHEDULED);

  private final DeadLetterSelector selector;
  private final Set<String> ids;
  private final Set<DeadLetterState> states;

  private LetterSelection(DeadLetterSelector selector, Set<DeadLetterState> statesUnlessGiven) {
    this.selector = selector;
    this.ids = new HashSet<>(selector.getDeadLetterIdsList());
    this.states =
        selector.getStatesCount() == 0
            ? statesUnlessGiven
            : new HashSet<>(selector.getStatesList());
  }

  /** For an action: those that are still open, unless the selector says otherwise. */
  public static LetterSelection toActOn(DeadLetterSelector selector) {
    return new LetterSelection(selector, OPEN);
  }

  /** For looking: all but repeats, unless the selector says otherwise. */
  public static LetterSelection toLookAt(DeadLetterSelector selector) {
    Set<DeadLetterState> all = new HashSet<>(Set.of(DeadLetterState.values()));
    all.remove(DeadLetterState.DEAD_LETTER_STATE_REPEATED);
    return new LetterSelection(selector, all);
  }

  /** Whether a dead letter in that state is meant. */
  public boolean matches(DeadLetter letter, DeadLetterState state) {
    return states.contains(state)
        && (ids.isEmpty() || ids.contains(letter.getDeadLetterId()))
        && isAmong(selector.getReasonsList(), letter.getReason())
        && isAmong(selector.getEventTypesList(), header(letter, HeaderNames.EVENT_TYPE))
        && isFrom(selector.getSourcesList(), letter)
        && isAmong(selector.getGroupsList(), letter.getGroup())
        && (selector.getStagesCount() == 0 || selector.getStagesList().contains(letter.getStage()))
        && isInTime(letter.getLastFailedAt());
  }

  private boolean isInTime(Timestamp failed) {
    Instant at = WireTime.instant(failed);
    return (!selector.hasFrom() || !at.isBefore(WireTime.instant(selector.getFrom())))
        && (!selector.hasTo() || at.isBefore(WireTime.instant(selector.getTo())));
  }

  private static boolean isFrom(List<String> sources, DeadLetter letter) {
    return sources.isEmpty()
        || sources.contains(header(letter, HeaderNames.SOURCE))
        || sources.contains(letter.getProducer());
  }

  private static boolean isAmong(List<String> wanted, String value) {
    return wanted.isEmpty() || wanted.contains(value);
  }

  private static String header(DeadLetter letter, String name) {
    return letter.getHeadersOrDefault(name, ByteString.EMPTY).toStringUtf8();
  }
}
