package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jimbot.eventbus.event.json.EventFault.Reason;
import java.util.Arrays;

/**
 * Reads a batch: an object with {@code events}, a list of events, or one event per line.
 *
 * <p>Commas between the events of a list do not matter: none is taken as well as several. Not
 * thread-safe.
 */
final class BatchReader {
  private static final String EVENTS = "events";
  private static final byte[] QUOTED_EVENTS = "\"events\"".getBytes(US_ASCII);

  private final DecodeLimits limits;
  private final JsonCursor in;
  private final Pieces pieces;
  private final PieceReader events;
  private final LineReader lines;
  private final BatchHeader header = new BatchHeader();

  /** All before it is in the pieces or the header. */
  private int unread;

  private boolean listed;

  BatchReader(
      DecodeLimits limits, JsonCursor in, Pieces pieces, PieceReader events, LineReader lines) {
    this.limits = limits;
    this.in = in;
    this.pieces = pieces;
    this.events = events;
    this.lines = lines;
  }

  /** Reads the body that the cursor is at; returns what it says for all its events. */
  BatchContext read() {
    int end = in.limit();
    unread = in.position();
    listed = false;
    header.clear();
    try {
      switch (in.peek()) {
        case '[' -> list(false);
        case '{' -> object();
        default -> throw in.unexpected("a batch: an object with \"events\", or a list of events");
      }
      unread = in.position();
      if (!in.atEnd()) {
        throw in.unexpected("the end");
      }
    } catch (EventFault unreadable) {
      if (pieces.isEmpty()) {
        pieces.fault(unreadable, unreadable.member(), 0, end);
      } else if (!pieces.endWithFaultAt(end)) {
        pieces.fault(unreadable, unreadable.member(), unread, end);
      }
    }
    return header.context();
  }

  private void object() {
    int start = in.position();
    in.take();
    try {
      members(true);
    } catch (EventFault broken) {
      if (listed) {
        throw broken;
      }
      int list = findList(Math.max(start, broken.position() - 1));
      if (list >= 0) {
        pieces.fault(broken, broken.member(), start, list);
        in.moveTo(list);
        list(true);
        members(false);
      } else if (LineReader.looksLikeLines(in.bytes(), start, in.limit())) {
        lines(start);
      } else {
        throw broken;
      }
      return;
    }
    if (!listed && in.atEnd()) {
      header.clear();
      pieces.clear();
      in.moveTo(start);
      events.only(path(0));
    } else if (!listed) {
      lines(start);
    }
  }

  private void lines(int start) {
    header.clear();
    pieces.clear();
    in.moveTo(start);
    lines.read();
  }

  private void members(boolean atFirst) {
    boolean first = atFirst;
    while (in.nextMember(first)) {
      first = false;
      member();
      unread = in.position();
    }
  }

  private void member() {
    int nameStart = in.stringFrom() - 1;
    String name =
        JsonUnescaper.text(in.bytes(), in.stringFrom(), in.stringTo(), in.stringEscaped());
    if (name != null && (name.equals(EVENTS) ? listed : header.has(name))) {
      throw new EventFault(
          Reason.DUPLICATE_MEMBER, "this member stands twice in its batch", nameStart, name);
    }
    if (EVENTS.equals(name)) {
      events();
    } else {
      header.read(name, in, limits.maxDepth());
    }
  }

  /** Reads the list of events; an empty object is an empty list, as Lua cannot tell the two. */
  private void events() {
    byte next = in.peek();
    int start = in.position();
    if (next == '[') {
      list(true);
      return;
    }
    if (next == '{') {
      in.take();
      if (!in.nextMember(true)) {
        listed = true;
        return;
      }
      in.moveTo(start);
    }
    throw in.unexpected("a list of events");
  }

  /**
   * The position of the bracket of the list of events, if it can be found behind a broken member of
   * the batch; else -1.
   */
  private int findList(int from) {
    byte[] body = in.bytes();
    for (int p = from; p + QUOTED_EVENTS.length < in.limit(); p++) {
      int behind = p + QUOTED_EVENTS.length;
      if (Arrays.equals(body, p, behind, QUOTED_EVENTS, 0, QUOTED_EVENTS.length)) {
        in.moveTo(behind);
        if (!in.atEnd() && in.takeIf(':') && !in.atEnd() && in.peek() == '[') {
          return in.position();
        }
      }
    }
    return -1;
  }

  /** Reads the events of the list whose bracket the cursor is at, up to behind its end. */
  private void list(boolean inObject) {
    in.take();
    listed = true;
    unread = in.position();
    events.beginList(inObject);
    boolean separated = true;
    int index = 0;
    while (true) {
      if (in.atEnd()) {
        throw new EventFault(
            Reason.TRUNCATED, "the text ends within the list of events", in.limit(), path(index));
      }
      byte next = in.peek();
      if (next == ']') {
        in.take();
        return;
      }
      if (next == ',') {
        in.take();
        separated = true;
      } else if (index == limits.maxEvents()) {
        tooMany(index);
      } else {
        events.element(path(index));
        index += separated || next == '{' ? 1 : 0;
        separated = false;
      }
      unread = in.position();
    }
  }

  /** Gives up the rest of the list. */
  private void tooMany(int index) {
    int start = in.position();
    EventFault tooMany =
        new EventFault(Reason.TOO_MANY_EVENTS, "a batch holds at most " + index + " events", start);
    int end;
    try {
      do {
        in.skipValue(Integer.MAX_VALUE);
        end = in.position();
      } while (in.nextElement(false));
      in.moveTo(end);
    } catch (EventFault unreadable) {
      end = in.limit();
      in.moveTo(end);
    }
    pieces.fault(tooMany, path(index), start, end);
  }

  private static String path(int index) {
    return EVENTS + "[" + index + "]";
  }
}
