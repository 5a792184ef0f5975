package io.jimbot.eventbus.event.json;

import org.jspecify.annotations.Nullable;

/**
 * Finds where an event that cannot be taken ends, so that those behind it can be.
 *
 * <p>Three readings, from the surest to the boldest, until one leads to a place where a batch can
 * go on (a comma and an object, or the end of the list): the event is JSON after all and only not
 * acceptable; or its quotes are not escaped, and a quote is a quote only where a string can begin
 * or end; or the next object that reads as an event is the next event.
 *
 * <p>All of it together looks at no more than {@value #LOOKS_PER_BYTE} bytes for each byte of the
 * body, so a hostile body costs linear time; when that is used up, all that is left of the body is
 * given up. Not thread-safe.
 */
final class EventBoundary {
  private static final int LOOKS_PER_BYTE = 16;
  private static final int ANY_DEPTH = Integer.MAX_VALUE;
  private static final int NONE = -1;

  private final JsonCursor cursor = new JsonCursor();
  private byte[] bytes = {};
  private int limit;
  private long looksLeft;

  /** Starts a new body. */
  void reset(byte[] body, int length) {
    bytes = body;
    looksLeft = (long) length * LOOKS_PER_BYTE;
  }

  /**
   * The end, exclusive, of the piece that is to be given up.
   *
   * @param from where the piece begins
   * @param fault where the fault shows
   * @param to where the search ends at the latest
   * @return at most {@code to}; if less, a comma and an object or the end of a list follow
   */
  int after(int from, int fault, int to) {
    limit = to;
    int end = endIfJson(from);
    if (end == NONE || !canGoOn(end)) {
      end = endByPlausibleQuotes(from);
    }
    if (end == NONE || !canGoOn(end)) {
      end = beforeNextEvent(Math.max(fault, from + 1));
    }
    return end == NONE ? to : end;
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

  /** Whether the list can go on, or end, at {@code p}. */
  private boolean canGoOn(int p) {
    int next = skipSpace(p);
    return next == limit
        || bytes[next] == ']'
        || (bytes[next] == ',' && byteAt(skipSpace(next + 1)) == '{');
  }

  private int endByPlausibleQuotes(int from) {
    int depth = 0;
    int p = from;
    while (p < limit && looksLeft > 0) {
      looksLeft--;
      switch (bytes[p]) {
        case '"' -> {
          p = endOfPlausibleString(p + 1);
          if (p == NONE) {
            return NONE;
          }
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      p++;
      if (depth <= 0) {
        return depth == 0 ? p : NONE;
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
      } else if (bytes[p] == '"' && canEndString(p)) {
        return p;
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

  private static boolean canBeginValue(int c) {
    return c == '"'
        || c == '{'
        || c == '['
        || c == '-'
        || c == 't'
        || c == 'f'
        || c == 'n'
        || c == 'i'
        || (c >= '0' && c <= '9');
  }

  private int beforeNextEvent(int from) {
    int p = from;
    while (p < limit && looksLeft > 0) {
      looksLeft--;
      if (bytes[p] == ',' && byteAt(skipSpace(p + 1)) == '{') {
        Boolean event = isEvent(skipSpace(p + 1));
        if (event != null && event && canGoOn(cursor.position())) {
          return p;
        }
        p = event == null ? p + 1 : cursor.position();
      } else {
        p++;
      }
    }
    return NONE;
  }

  /**
   * Whether the object at {@code from} has a type; null if it is not JSON. The cursor is behind it
   * then.
   */
  private @Nullable Boolean isEvent(int from) {
    cursor.reset(bytes, from, limit, Integer.MAX_VALUE);
    try {
      cursor.expect('{');
      boolean typed = false;
      boolean first = true;
      while (cursor.nextMember(first)) {
        first = false;
        typed |= cursor.stringIs("type") || cursor.stringIs("event_type");
        cursor.skipValue(ANY_DEPTH);
      }
      return typed;
    } catch (EventFault notJson) {
      return null;
    } finally {
      looksLeft -= cursor.position() - from;
    }
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
