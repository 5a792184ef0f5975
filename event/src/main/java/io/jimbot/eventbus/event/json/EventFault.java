package io.jimbot.eventbus.event.json;

/**
 * Why an event cannot be taken. Thrown within the decoder only, where it unwinds a recursion;
 * callers of the decoder see it as a {@link Decoded.Broken}. Carries no stack trace: it says what
 * is wrong with the input, not where in the program.
 */
final class EventFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final int position;
  private final String member;

  EventFault(Reason reason, String message, int position) {
    this(reason, message, position, "");
  }

  /**
   * A fault in a member of the place where the decoder is; {@code member} is empty for the place
   * itself.
   */
  EventFault(Reason reason, String message, int position, String member) {
    super(message, null, false, false);
    this.reason = reason;
    this.position = position;
    this.member = member;
  }

  String member() {
    return member;
  }

  Reason reason() {
    return reason;
  }

  /** Offset in the body at which the fault shows. */
  int position() {
    return position;
  }

  String text() {
    String message = getMessage();
    return message == null ? reason.word() : message;
  }

  /** The kinds of fault; their words are part of the contract (dead letters, answers, metrics). */
  enum Reason {
    UNREADABLE("unreadable", true),
    TRUNCATED("truncated", true),
    TOO_DEEP("too_deep", false),
    NAME_TOO_LONG("name_too_long", false),
    TOO_MANY_EVENTS("too_many_events", false),
    EVENT_TOO_LARGE("event_too_large", false),
    DUPLICATE_MEMBER("duplicate_member", false),
    NOT_AN_EVENT("not_an_event", false),
    INVALID("invalid", false);

    private final String word;
    private final boolean malformed;

    Reason(String word, boolean malformed) {
      this.word = word;
      this.malformed = malformed;
    }

    String word() {
      return word;
    }

    /** Whether the bytes are not JSON, in any of the accepted dialects. */
    boolean malformed() {
      return malformed;
    }
  }
}
