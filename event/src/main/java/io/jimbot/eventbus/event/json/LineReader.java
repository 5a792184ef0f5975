package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.json.EventFault.Reason;

/** Reads one event per line; lines of white space do not count. Not thread-safe. */
final class LineReader {
  private final DecodeLimits limits;
  private final JsonCursor in;
  private final Pieces pieces;
  private final PieceReader events;

  LineReader(DecodeLimits limits, JsonCursor in, Pieces pieces, PieceReader events) {
    this.limits = limits;
    this.in = in;
    this.pieces = pieces;
    this.events = events;
  }

  /**
   * Whether the text is plainly one object per line: a line behind the first begins with a brace.
   */
  static boolean looksLikeLines(byte[] body, int from, int to) {
    for (int p = from; p + 1 < to; p++) {
      if (body[p] == '\n' && body[p + 1] == '{') {
        return true;
      }
    }
    return false;
  }

  /** Reads all lines from the cursor to its limit. */
  void read() {
    byte[] body = in.bytes();
    int limit = in.limit();
    int start = in.position();
    int index = 0;
    while (start < limit) {
      int end = endOfLine(body, start, limit);
      in.reset(body, start, withoutSpace(body, start, end), limits.maxKeyBytes());
      if (!in.atEnd()) {
        String path = "events[" + index + "]";
        if (index == limits.maxEvents()) {
          EventFault tooMany =
              new EventFault(
                  Reason.TOO_MANY_EVENTS, "a batch holds at most " + index + " events", start);
          pieces.fault(tooMany, path, in.position(), limit);
          end = limit;
        } else {
          events.only(path);
          index++;
        }
      }
      start = end + 1;
    }
    in.reset(body, limit, limit, limits.maxKeyBytes());
  }

  private static int withoutSpace(byte[] body, int from, int to) {
    int p = to;
    while (p > from && body[p - 1] <= ' ' && body[p - 1] >= 0) {
      p--;
    }
    return p;
  }

  private static int endOfLine(byte[] body, int from, int limit) {
    int p = from;
    while (p < limit && body[p] != '\n') {
      p++;
    }
    return p;
  }
}
