package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.json.EventFault.Reason;

/**
 * Reads JSON tokens out of a byte array, one after the other, without making objects.
 *
 * <p>Reads RFC 8259 and, beyond it, what producers send and can only mean one thing: control
 * characters in strings, bytes that are not UTF-8 in strings, and the bare numbers {@code inf},
 * {@code -inf}, {@code nan}, {@code Infinity}, {@code -Infinity} and {@code NaN}. What a token was
 * is in the fields that the methods name, until the next call.
 *
 * <p>Not thread-safe. Every method that reads throws {@link EventFault} on what it cannot read.
 */
final class JsonCursor {
  private static final byte[] NOTHING = {};

  private final JsonNumber number = new JsonNumber();
  private int maxKeyBytes = Integer.MAX_VALUE;

  private byte[] bytes = NOTHING;
  private int position;
  private int limit;

  private int stringFrom;
  private int stringTo;
  private boolean stringEscaped;
  private boolean stringHigh;
  private boolean stringControl;

  /** What the current {@link #skipValue} came across so far. */
  private boolean verbatim;

  private boolean high;
  private long[] nesting = new long[2];

  /** Points the cursor at a part of a body. */
  void reset(byte[] body, int from, int to, int keyBytes) {
    bytes = body;
    position = from;
    limit = to;
    maxKeyBytes = keyBytes;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return position;
  }

  void moveTo(int newPosition) {
    position = newPosition;
  }

  int limit() {
    return limit;
  }

  /** The first byte of what comes next, white space left out; the cursor stays before it. */
  byte peek() {
    int p = skipSpace();
    if (p >= limit) {
      throw new EventFault(Reason.TRUNCATED, "the text ends where a value should stand", p);
    }
    return bytes[p];
  }

  /** Whether nothing but white space is left. */
  boolean atEnd() {
    return skipSpace() >= limit;
  }

  /** Moves past one byte that {@link #peek} has shown. */
  void take() {
    position++;
  }

  /** Moves past white space and the byte {@code expected}. */
  void expect(char expected) {
    byte found = peek();
    if (found != expected) {
      throw unexpected("'" + expected + "'");
    }
    position++;
  }

  /** Whether {@code candidate} comes next; moves past it if so. */
  boolean takeIf(char candidate) {
    if (peek() == candidate) {
      position++;
      return true;
    }
    return false;
  }

  /**
   * In an object, before its first or next member: reads the name and the colon, or the end of the
   * object.
   *
   * @return whether there is a member; its name is the current string
   */
  boolean nextMember(boolean first) {
    byte next = peek();
    if (next == '}') {
      position++;
      return false;
    }
    if (!first) {
      expect(',');
      next = peek();
    }
    if (next != '"') {
      throw unexpected("a member's name in quotes");
    }
    readName();
    return true;
  }

  /**
   * In a list, before its first or next element: moves past the comma, or past the end of the list.
   */
  boolean nextElement(boolean first) {
    if (takeIf(']')) {
      return false;
    }
    if (!first) {
      expect(',');
    }
    return true;
  }

  private void readName() {
    readString();
    if (stringTo - stringFrom > maxKeyBytes) {
      throw new EventFault(
          Reason.NAME_TOO_LONG,
          "a member's name has "
              + (stringTo - stringFrom)
              + " bytes; "
              + maxKeyBytes
              + " are allowed",
          stringFrom);
    }
    expect(':');
  }

  /** Reads a string whose opening quote {@link #peek} has shown. */
  void readString() {
    byte[] b = bytes;
    int end = limit;
    int p = position + 1;
    stringFrom = p;
    stringEscaped = false;
    stringHigh = false;
    stringControl = false;
    while (p < end) {
      byte c = b[p];
      if (c == '"') {
        stringTo = p;
        position = p + 1;
        return;
      }
      if (c == '\\') {
        stringEscaped = true;
        p = endOfEscape(p);
        continue;
      }
      if (c < 0) {
        stringHigh = true;
      } else if (c < 0x20) {
        stringControl = true;
      }
      p++;
    }
    throw new EventFault(Reason.TRUNCATED, "a string is not closed", stringFrom - 1);
  }

  private int endOfEscape(int p) {
    byte kind = p + 1 < limit ? bytes[p + 1] : 0;
    switch (kind) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
        return p + 2;
      case 'u':
        if (p + 6 <= limit && isHex(p + 2) && isHex(p + 3) && isHex(p + 4) && isHex(p + 5)) {
          return p + 6;
        }
        throw new EventFault(Reason.UNREADABLE, "four hexadecimal digits must follow \\u", p);
      default:
        throw new EventFault(Reason.UNREADABLE, "not an escape sequence of JSON", p);
    }
  }

  private boolean isHex(int p) {
    return Character.digit(bytes[p], 16) >= 0;
  }

  /** Whether the current string, as it was written, is {@code word}. */
  boolean stringIs(String word) {
    boolean same = stringTo - stringFrom == word.length();
    for (int i = 0; same && i < word.length(); i++) {
      same = bytes[stringFrom + i] == word.charAt(i);
    }
    return same;
  }

  /** Where the content of the current string begins in {@link #bytes}. */
  int stringFrom() {
    return stringFrom;
  }

  /** Where the content of the current string ends, exclusive. */
  int stringTo() {
    return stringTo;
  }

  /** Whether the current string holds escape sequences. */
  boolean stringEscaped() {
    return stringEscaped;
  }

  /** Whether the current string holds bytes above 0x7F. */
  boolean stringHigh() {
    return stringHigh;
  }

  /** Reads a number, finite or not, whose first byte {@link #peek} has shown. */
  JsonNumber readNumber() {
    position = number.read(bytes, position, limit);
    expectDelimiter();
    return number;
  }

  /** Reads {@code true}, {@code false} or {@code null}. */
  void readWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (position + i >= limit || bytes[position + i] != word.charAt(i)) {
        throw unexpected("a value");
      }
    }
    position += word.length();
    expectDelimiter();
  }

  private void expectDelimiter() {
    if (position < limit) {
      switch (bytes[position]) {
        case ',', '}', ']', ' ', '\n', '\r', '\t' -> {}
        default -> throw unexpected("',' or an end");
      }
    }
  }

  /**
   * Moves past one value of any kind, checking all of it.
   *
   * @param maxDepth how many levels it may nest
   */
  void skipValue(int maxDepth) {
    verbatim = true;
    high = false;
    skipSpace();
    verbatim = true;
    int depth = 0;
    while (true) {
      byte c = peek();
      boolean opens = c == '{' || c == '[';
      if (opens) {
        if (++depth > maxDepth) {
          throw new EventFault(Reason.TOO_DEEP, "nested deeper than allowed", position);
        }
        enter(depth, c == '{');
        position++;
        if (c == '{' ? nextMemberNoted(true) : nextElement(true)) {
          continue;
        }
        depth--;
      } else {
        skipScalar(c);
      }
      while (depth > 0) {
        if (inObject(depth) ? nextMemberNoted(false) : nextElement(false)) {
          break;
        }
        depth--;
      }
      if (depth == 0) {
        return;
      }
    }
  }

  /**
   * Whether the value just skipped can be copied as it is into a JSON text: compact, and nothing
   * beyond RFC 8259.
   */
  boolean skippedVerbatim() {
    return verbatim;
  }

  /** Whether the value just skipped has bytes above 0x7F in its strings. */
  boolean skippedHigh() {
    return high;
  }

  private boolean nextMemberNoted(boolean first) {
    boolean more = nextMember(first);
    if (more) {
      noteString();
    }
    return more;
  }

  private void skipScalar(byte c) {
    switch (c) {
      case '"' -> {
        readString();
        noteString();
      }
      case 't' -> readWord("true");
      case 'f' -> readWord("false");
      case 'n' -> {
        if (isNull()) {
          readWord("null");
        } else {
          verbatim &= readNumber().finite();
        }
      }
      default -> verbatim &= readNumber().finite();
    }
  }

  /** Tells {@code null} from {@code nan}, once {@link #peek} has shown an n. */
  boolean isNull() {
    return position + 1 < limit && bytes[position + 1] == 'u';
  }

  private void noteString() {
    verbatim &= !stringControl;
    high |= stringHigh;
  }

  private void enter(int depth, boolean object) {
    int word = depth >>> 6;
    if (word == nesting.length) {
      nesting = java.util.Arrays.copyOf(nesting, nesting.length * 2);
    }
    if (object) {
      nesting[word] |= 1L << depth;
    } else {
      nesting[word] &= ~(1L << depth);
    }
  }

  private boolean inObject(int depth) {
    return (nesting[depth >>> 6] & (1L << depth)) != 0;
  }

  private int skipSpace() {
    byte[] b = bytes;
    int p = position;
    while (p < limit
        && b[p] <= ' '
        && (b[p] == ' ' || b[p] == '\n' || b[p] == '\r' || b[p] == '\t')) {
      p++;
    }
    if (p != position) {
      verbatim = false;
      position = p;
    }
    return p;
  }

  EventFault unexpected(String wanted) {
    if (position >= limit) {
      return new EventFault(
          Reason.TRUNCATED, "the text ends where " + wanted + " should stand", position);
    }
    int c = bytes[position] & 0xFF;
    String found = c > 0x20 && c < 0x7F ? "'" + (char) c + "'" : String.format("byte 0x%02x", c);
    return new EventFault(
        Reason.UNREADABLE, found + " stands where " + wanted + " should", position);
  }
}
