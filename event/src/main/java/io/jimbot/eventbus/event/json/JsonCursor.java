package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.json.EventFault.Reason;
import java.util.Arrays;

/**
 * Goes through JSON in a byte array: from member to member and element to element, into values or
 * past them, without making objects. Not thread-safe.
 */
final class JsonCursor extends JsonTokens {
  private int maxKeyBytes = Integer.MAX_VALUE;

  /** What the current {@link #skipValue} came across so far. */
  private boolean verbatim;

  private boolean high;

  /** For each level of the current {@link #skipValue}, whether it is an object. */
  private long[] nesting = new long[2];

  /** Points the cursor at a part of a body. */
  void reset(byte[] body, int from, int to, int keyBytes) {
    point(body, from, to);
    maxKeyBytes = keyBytes;
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
      take();
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
   * In an object, before its first or next member: moves past the name and the colon, if they are
   * there just so, without white space.
   *
   * @param quoted the expected name in quotes, and the colon; without escape sequences
   */
  boolean takeMember(byte[] quoted, boolean first) {
    int from = first ? position() : position() + 1;
    int to = from + quoted.length;
    if (to > limit()
        || (!first && bytes()[position()] != ',')
        || !Arrays.equals(bytes(), from, to, quoted, 0, quoted.length)) {
      return false;
    }
    stringAt(from + 1, to - 2);
    moveTo(to);
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
    int length = stringTo() - stringFrom();
    if (length > maxKeyBytes) {
      throw new EventFault(
          Reason.NAME_TOO_LONG,
          "a member's name has " + length + " bytes; " + maxKeyBytes + " are allowed",
          stringFrom());
    }
    expect(':');
  }

  /**
   * Moves past one value of any kind, checking all of it.
   *
   * @param maxDepth how many levels it may nest
   */
  void skipValue(int maxDepth) {
    verbatim = true;
    high = false;
    peek();
    forgetSpace();
    int depth = 0;
    while (true) {
      byte c = peek();
      boolean opens = c == '{' || c == '[';
      if (opens) {
        if (++depth > maxDepth) {
          throw new EventFault(Reason.TOO_DEEP, "nested deeper than allowed", position());
        }
        enter(depth, c == '{');
        take();
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
    return verbatim && !spacePassed();
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

  private void noteString() {
    verbatim &= !stringControl();
    high |= stringHigh();
  }

  private void enter(int depth, boolean object) {
    int word = depth >>> 6;
    if (word == nesting.length) {
      nesting = Arrays.copyOf(nesting, nesting.length * 2);
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
}
