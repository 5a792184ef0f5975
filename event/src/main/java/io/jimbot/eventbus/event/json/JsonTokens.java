package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.json.EventFault.Reason;
import java.util.Arrays;

/**
 * Reads JSON tokens out of a byte array, one after the other, without making objects.
 *
 * <p>Reads RFC 8259 and, beyond it, what producers send and can only mean one thing: control
 * characters in strings, bytes that are not UTF-8 in strings, and the bare numbers {@code inf},
 * {@code -inf}, {@code nan}, {@code Infinity}, {@code -Infinity} and {@code NaN}. What a token was
 * is in the fields that the methods name, until the next call.
 *
 * <p>Not thread-safe. Every method that reads throws {@link EventFault} on what it cannot read; the
 * position is then where reading stopped.
 */
class JsonTokens {
  private static final byte[] NOTHING = {};

  /** Bytes that a string can hold as they are, and that say nothing about it. */
  private static final boolean[] PLAIN = new boolean[256];

  static {
    Arrays.fill(PLAIN, 0x20, 0x80, true);
    PLAIN['"'] = false;
    PLAIN['\\'] = false;
  }

  private final JsonNumber number = new JsonNumber();
  private byte[] bytes = NOTHING;
  private int position;
  private int limit;

  private int stringFrom;
  private int stringTo;
  private boolean stringEscaped;
  private boolean stringHigh;
  private boolean stringControl;

  /** Whether white space was passed since somebody last made this false. */
  private boolean spacePassed;

  final void point(byte[] body, int from, int to) {
    bytes = body;
    position = from;
    limit = to;
    stringFrom = 0;
    stringTo = 0;
  }

  final byte[] bytes() {
    return bytes;
  }

  final int position() {
    return position;
  }

  final void moveTo(int newPosition) {
    position = newPosition;
  }

  final int limit() {
    return limit;
  }

  /** The first byte of what comes next, white space left out; the cursor stays before it. */
  final byte peek() {
    if (position < limit && bytes[position] > ' ') {
      return bytes[position];
    }
    int p = skipSpace();
    if (p >= limit) {
      throw new EventFault(Reason.TRUNCATED, "the text ends where a value should stand", p);
    }
    return bytes[p];
  }

  /** Whether nothing but white space is left. */
  final boolean atEnd() {
    return skipSpace() >= limit;
  }

  /** Moves past one byte that {@link #peek} has shown. */
  final void take() {
    position++;
  }

  /** Moves past white space and the byte {@code expected}. */
  final void expect(char expected) {
    byte found = peek();
    if (found != expected) {
      throw unexpected("'" + expected + "'");
    }
    position++;
  }

  /** Whether {@code candidate} comes next; moves past it if so. */
  final boolean takeIf(char candidate) {
    if (peek() == candidate) {
      position++;
      return true;
    }
    return false;
  }

  /** Reads a string whose opening quote {@link #peek} has shown. */
  final void readString() {
    byte[] b = bytes;
    int end = limit;
    int p = position + 1;
    stringFrom = p;
    stringEscaped = false;
    stringHigh = false;
    stringControl = false;
    while (p < end) {
      byte c = b[p];
      if (PLAIN[c & 0xFF]) {
        p++;
      } else if (c == '"') {
        stringTo = p;
        position = p + 1;
        return;
      } else if (c == '\\') {
        stringEscaped = true;
        p = endOfEscape(p);
      } else {
        stringHigh |= c < 0;
        stringControl |= c >= 0;
        p++;
      }
    }
    position = end;
    throw new EventFault(Reason.TRUNCATED, "a string is not closed", stringFrom - 1);
  }

  /** Makes a piece without escape sequences and without bytes above 0x7F the current string. */
  final void stringAt(int from, int to) {
    stringFrom = from;
    stringTo = to;
    stringEscaped = false;
    stringHigh = false;
    stringControl = false;
  }

  /**
   * Moves past the object or list that {@link #peek} has shown, by its brackets and quotes alone;
   * whoever reads it later checks it. May end anywhere if it is not JSON.
   */
  final void passOver() {
    byte[] b = bytes;
    int end = limit;
    int depth = 0;
    int p = position;
    while (p < end) {
      byte c = b[p++];
      if (c == '"') {
        while (p < end && b[p] != '"') {
          p += b[p] == '\\' ? 2 : 1;
        }
        p++;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        position = p;
        return;
      }
    }
    position = end;
    throw new EventFault(Reason.TRUNCATED, "the text ends within an object or a list", end);
  }

  private int endOfEscape(int p) {
    position = p;
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
  final boolean stringIs(String word) {
    boolean same = stringTo - stringFrom == word.length();
    for (int i = 0; same && i < word.length(); i++) {
      same = bytes[stringFrom + i] == word.charAt(i);
    }
    return same;
  }

  /** Where the content of the current string begins in {@link #bytes}. */
  final int stringFrom() {
    return stringFrom;
  }

  /** Where the content of the current string ends, exclusive. */
  final int stringTo() {
    return stringTo;
  }

  /** Whether the current string holds escape sequences. */
  final boolean stringEscaped() {
    return stringEscaped;
  }

  /** Whether the current string holds bytes above 0x7F. */
  final boolean stringHigh() {
    return stringHigh;
  }

  /** Whether the current string holds control characters as they are. */
  final boolean stringControl() {
    return stringControl;
  }

  /** Whether white space was passed since {@link #forgetSpace}. */
  final boolean spacePassed() {
    return spacePassed;
  }

  final void forgetSpace() {
    spacePassed = false;
  }

  /** Reads a number, finite or not, whose first byte {@link #peek} has shown. */
  final JsonNumber readNumber() {
    try {
      position = number.read(bytes, position, limit);
    } catch (EventFault notNumber) {
      position = notNumber.position();
      throw notNumber;
    }
    expectDelimiter();
    return number;
  }

  /** Reads {@code true}, {@code false} or {@code null}. */
  final void readWord(String word) {
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

  /** Tells {@code null} from {@code nan}, once {@link #peek} has shown an n. */
  final boolean isNull() {
    return position + 1 < limit && bytes[position + 1] == 'u';
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
      spacePassed = true;
      position = p;
    }
    return p;
  }

  final EventFault unexpected(String wanted) {
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
