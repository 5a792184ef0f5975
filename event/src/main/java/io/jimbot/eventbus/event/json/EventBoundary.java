package io.jimbot.eventbus.event.json;

import java.util.BitSet;

/**
 * Finds where an event of a batch that cannot be taken ends, so that those behind it can be.
 *
 * <p>Three readings, from the surest to the boldest, until one leads to a place where the list can
 * go on: the event is JSON after all and only not acceptable; or its quotes are not escaped, and a
 * quote is a quote only where a string can begin or end; or the next object that has a type and
 * does not belong to a list within the broken event is the next event. If there is none, the end of
 * the list of events, or else of the body, ends the event.
 *
 * <p>All of it together looks at no more than about {@value #LOOKS_PER_BYTE} bytes for each byte of
 * the body, so a hostile body costs linear time; when that is used up, all that is left of the list
 * is given up. Not thread-safe.
 */
final class EventBoundary {
  private static final int LOOKS_PER_BYTE = 16;
  private static final int ANY_DEPTH = Integer.MAX_VALUE;
  private static final int NONE = -1;
  private static final int NOT_SOUGHT = -2;

  private final JsonCursor cursor = new JsonCursor();

  /** For each level, whether it is an object. */
  private final BitSet objects = new BitSet();

  private byte[] bytes = {};
  private int limit;
  private boolean listInObject;
  private int listEnd;
  private long looksLeft;

  /**
   * Starts a new body.
   *
   * @param inObject whether the list of events is a member of an object, rather than the body
   */
  void reset(byte[] body, int length, boolean inObject) {
    bytes = body;
    limit = length;
    listInObject = inObject;
    listEnd = NOT_SOUGHT;
    looksLeft = (long) length * LOOKS_PER_BYTE;
  }

  /** How many more bytes it may look at. */
  long looksLeft() {
    return looksLeft;
  }

  /**
   * The end, exclusive, of the piece that is to be given up.
   *
   * @param from where the piece begins
   * @param suspect where the next event can begin at the earliest
   */
  int after(int from, int suspect) {
    int end = endIfJson(from);
    if (end != NONE && canGoOn(end, false)) {
      return end;
    }
    end = endByPlausibleQuotes(from);
    if (end != NONE && end <= listEnd() && canGoOn(end, true)) {
      return end;
    }
    int earliest = Math.max(suspect, from + 1);
    int before = lastBefore(earliest);
    return beforeNextEvent(before > from && bytes[before] == ',' ? before : earliest);
  }

  private int endIfJson(int from) {
    cursor.reset(bytes, from, limit, Integer.MAX_VALUE);
    try {
      cursor.skipValue(ANY_DEPTH);
      return cursor.position();
    } catch (EventFault notJson) {
      return NONE;
    } finally {
      looksLeft -= cursor.position() - from;
    }
  }

  /**
   * Whether the list can go on, or end, at {@code p}.
   *
   * @param withObject whether only an object may follow a comma
   */
  private boolean canGoOn(int p, boolean withObject) {
    int next = skipSpace(p);
    return switch (byteAt(next)) {
      case NONE, ']', '{' -> true;
      case ',' -> !withObject || byteAt(skipSpace(next + 1)) == '{';
      default -> false;
    };
  }

  private int endByPlausibleQuotes(int from) {
    int depth = 0;
    int p = from;
    while (p < limit && looksLeft > 0) {
      looksLeft--;
      byte c = bytes[p];
      switch (c) {
        case '"' -> {
          p = endOfPlausibleString(p + 1);
          if (p == NONE) {
            return NONE;
          }
        }
        case '{', '[' -> objects.set(++depth, c == '{');
        case '}', ']' -> {
          if (depth == 0 || objects.get(depth) != (c == '}')) {
            return NONE;
          }
          depth--;
        }
        case ',' -> {
          if (objects.get(depth) && !canBeginMember(byteAt(skipSpace(p + 1)))) {
            return NONE;
          }
        }
        default -> {}
      }
      p++;
      if (depth == 0) {
        return p;
      }
    }
    return NONE;
  }

  private int endOfPlausibleString(int from) {
    int p = from;
    while (p < limit && looksLeft > 0) {
      looksLeft--;
      if (bytes[p] == '\\') {
        p++;
      } else if (bytes[p] == '"') {
        if (canEndString(p)) {
          return p;
        }
        if (bytes[lastBefore(p)] == '{') {
          return NONE;
        }
      }
      p++;
    }
    return NONE;
  }

  private boolean canEndString(int quote) {
    int next = skipSpace(quote + 1);
    return switch (byteAt(next)) {
      case ':', '}', ']' -> true;
      case ',' -> canBeginValue(byteAt(skipSpace(next + 1)));
      default -> false;
    };
  }

  private static boolean canBeginMember(int c) {
    return c == '"' || c == '}';
  }

  private static boolean canBeginValue(int c) {
    return switch (c) {
      case '"', '{', '[', '-', 't', 'f', 'n', 'i' -> true;
      default -> c >= '0' && c <= '9';
    };
  }

  private int beforeNextEvent(int from) {
    int end = listEnd();
    int p = from;
    while (p < end && looksLeft > 0) {
      looksLeft--;
      int next = bytes[p] == ',' ? skipSpace(p + 1) : p;
      if (next > p && byteAt(next) == '{') {
        int goOn = unlessEvent(next, end);
        if (goOn == NONE) {
          return p;
        }
        p = Math.max(goOn, p + 1);
      } else {
        p++;
      }
    }
    return Math.max(from, end);
  }

  /**
   * Whether the object at {@code from} is an event of the batch: it has a type, and the list that
   * it stands in is not closed before {@code end}.
   *
   * @return {@link #NONE} if it is, else where to go on with the search
   */
  private int unlessEvent(int from, int end) {
    cursor.reset(bytes, from, limit, Integer.MAX_VALUE);
    int read = from;
    boolean event = false;
    try {
      boolean typed = hasType();
      read = cursor.position();
      event = typed && canGoOn(read, false);
      while (event && !cursor.atEnd()) {
        if (cursor.peek() == ']') {
          event = cursor.position() == end;
          return event ? NONE : cursor.position() + 1;
        }
        cursor.takeIf(',');
        cursor.skipValue(ANY_DEPTH);
      }
    } catch (EventFault alsoBroken) {
      // The events up to here are good ones, if there are any.
    } finally {
      looksLeft -= cursor.position() - from;
    }
    return event ? NONE : read;
  }

  private boolean hasType() {
    boolean typed = false;
    cursor.expect('{');
    for (boolean first = true; cursor.nextMember(first); first = false) {
      typed |= cursor.stringIs("type") || cursor.stringIs("event_type");
      cursor.skipValue(ANY_DEPTH);
    }
    return typed;
  }

  /** Where the bracket stands that closes the list of events; the end of the body if unknown. */
  private int listEnd() {
    if (listEnd == NOT_SOUGHT) {
      listEnd = limit;
      for (int p = limit - 1; p >= 0 && looksLeft > 0; p--) {
        looksLeft--;
        if (bytes[p] == ']') {
          if (!endsBatch(p + 1)) {
            break;
          }
          listEnd = p;
        }
      }
    }
    return listEnd;
  }

  /** Whether the rest of a batch's object stands at {@code from}, or the end after a bare list. */
  private boolean endsBatch(int from) {
    cursor.reset(bytes, from, limit, Integer.MAX_VALUE);
    try {
      while (listInObject && cursor.nextMember(false)) {
        cursor.skipValue(ANY_DEPTH);
      }
      return cursor.atEnd();
    } catch (EventFault within) {
      return false;
    } finally {
      looksLeft -= cursor.position() - from;
    }
  }

  /** Where the last byte before {@code p} is that is not white space; 0 if there is none. */
  private int lastBefore(int p) {
    int last = p - 1;
    while (last > 0 && bytes[last] <= ' ' && bytes[last] >= 0) {
      last--;
    }
    return last;
  }

  private int byteAt(int p) {
    return p < limit ? bytes[p] : NONE;
  }

  private int skipSpace(int from) {
    int p = from;
    while (p < limit
        && (bytes[p] == ' ' || bytes[p] == '\n' || bytes[p] == '\r' || bytes[p] == '\t')) {
      p++;
    }
    return p;
  }
}
