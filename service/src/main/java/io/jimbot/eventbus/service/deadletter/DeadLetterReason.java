package io.jimbot.eventbus.service.deadletter;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why something became a dead letter, and whether it comes again by itself: a reason that may pass
 * does; the rest would fail in the same way again, or was refused on purpose, and waits for a
 * person. All reasons that the bus writes are here; their words are a part of the contract.
 */
public enum DeadLetterReason {
  /** The bytes are no JSON, or no Protobuf of the bus. */
  UNREADABLE(false),
  /** The bytes end too early. */
  TRUNCATED(false),
  /** JSON within JSON beyond the limit. */
  TOO_DEEP(false),
  /** A member's name beyond the limit. */
  NAME_TOO_LONG(false),
  /** More events in a batch than the limit. */
  TOO_MANY_EVENTS(false),
  /** An event beyond the gateway's limit. */
  EVENT_TOO_LARGE(false),
  /** A member that an object has twice. */
  DUPLICATE_MEMBER(false),
  /** JSON, but no object. */
  NOT_AN_EVENT(false),
  /** A value that makes no sense. */
  INVALID(false),

  /** Larger than its Kafka topic takes. */
  RECORD_TOO_LARGE(false),
  /** Refused by Kafka for what it is otherwise. */
  RECORD_INVALID(false),

  /** A group or queue failed it as often as may be: it, or its world, may be well again later. */
  ATTEMPTS_EXHAUSTED(true),
  /** Workers of a queue went away with it as often as may be: it may be what ends them. */
  DELIVERIES_EXHAUSTED(false),
  /** A subscriber wanted it here. */
  PARKED(false),

  /** A topology threw: what it stands on may be well again later. */
  PROCESSING_FAILED(true),
  /** A form of values that the bus does not know. */
  UNSUPPORTED_CONTENT_TYPE(false),
  /** A version that is no number. */
  INVALID_VERSION(false),
  /** A version newer than this processor knows: to be redriven once it is newer, too. */
  FUTURE_VERSION(false),
  /** Larger than its retention class takes. */
  TOO_LARGE(false),
  /** A delayed event that does not say until when. */
  NO_DELIVERY_TIME(false),
  /** As many delayed events wait as may; sent again by itself it would come before its time. */
  TOO_MANY_DELAYED(false);

  private static final Map<String, DeadLetterReason> BY_WORD =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(DeadLetterReason::word, Function.identity()));

  private final boolean retryable;

  DeadLetterReason(boolean retryable) {
    this.retryable = retryable;
  }

  /** The stable word in lower snake case that dead letters, answers and metrics have. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether trying again later may help. */
  public boolean isRetryable() {
    return retryable;
  }

  /**
   * The reason of that word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static DeadLetterReason of(String word) {
    DeadLetterReason reason = BY_WORD.get(word);
    if (reason == null) {
      throw new IllegalArgumentException("no dead letter has the reason " + word);
    }
    return reason;
  }

  /** Whether trying again later may help; not for words that this version does not know. */
  public static boolean isRetryable(String word) {
    DeadLetterReason reason = BY_WORD.get(word);
    return reason != null && reason.retryable;
  }
}
