package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.json.EventFault.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request: one event, a batch in an object or a list, or one event per line.
 *
 * <p>One event that cannot be taken costs the others nothing: its bytes become a {@link
 * Decoded.Broken} and reading goes on at the next event. Keeps its buffers from one body to the
 * next. Not thread-safe.
 */
public final class BodyDecoder {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final DecodeLimits limits;
  private final JsonCursor in = new JsonCursor();
  private final WireWriter out = new WireWriter();
  private final WireWriter completion = new WireWriter();
  private final Leftovers leftovers = new Leftovers();
  private final EventBoundary boundary = new EventBoundary();
  private final EventDecoder decoder;

  private final List<Piece> pieces = new ArrayList<>();
  private byte[] body = {};
  private int length;
  private @Nullable String batchId;
  private @Nullable String source;
  private @Nullable String gameId;
  private @Nullable String sessionId;

  public BodyDecoder(DecodeLimits limits, EventCatalogue catalogue) {
    this.limits = limits;
    this.decoder = new EventDecoder(limits, catalogue, in, out, leftovers);
  }

  /** A piece of the body, before what the batch says is known in full. */
  private sealed interface Piece {
    /** An event, the fields of which lie in the output. */
    record Event(
        Envelope envelope,
        int outFrom,
        int outTo,
        int unmapped,
        int misfits,
        int position,
        int length)
        implements Piece {}

    /** A piece that is none. */
    record Fault(Decoded.Broken broken) implements Piece {}
  }

  /**
   * Reads a body that holds one event.
   *
   * @param receivedAt when it came in
   * @param ids asked for an id where the event has none
   */
  public Decoded event(byte[] bytes, int size, Instant receivedAt, Supplier<String> ids) {
    begin(bytes, size);
    try {
      int start = in.atEnd() ? 0 : in.position();
      Envelope envelope = new Envelope();
      int end = readEvent(envelope, "", start);
      if (end >= 0 && !in.atEnd()) {
        pieces.clear();
        fault(in.unexpected("the end of the text"), "", 0, length, envelope);
      }
    } catch (EventFault empty) {
      fault(empty, "", 0, length, new Envelope());
    }
    return complete(receivedAt, ids).get(0);
  }

  /**
   * Reads a body that holds a batch: an object with {@code events}, a list of events, or one event
   * per line.
   *
   * @return the pieces in their order; empty only if the batch is
   */
  public List<Decoded> batch(byte[] bytes, int size, Instant receivedAt, Supplier<String> ids) {
    begin(bytes, size);
    try {
      switch (in.peek()) {
        case '[' -> {
          in.take();
          readList();
          expectEnd();
        }
        case '{' -> readBatchObject();
        default -> throw in.unexpected("a batch: an object with \"events\", or a list of events");
      }
    } catch (EventFault unreadable) {
      int from = Math.min(in.position(), length);
      int reported = pieces.isEmpty() ? 0 : from;
      fault(unreadable, "", reported, length, new Envelope());
    }
    return complete(receivedAt, ids);
  }

  /** Reads a body that holds one event per line; empty lines do not count. */
  public List<Decoded> lines(byte[] bytes, int size, Instant receivedAt, Supplier<String> ids) {
    begin(bytes, size);
    readLines();
    return complete(receivedAt, ids);
  }

  private void begin(byte[] bytes, int size) {
    body = bytes;
    length = size;
    pieces.clear();
    out.clear();
    boundary.reset(bytes, size);
    batchId = null;
    source = null;
    gameId = null;
    sessionId = null;
    boolean marked =
        size >= 3
            && bytes[0] == BYTE_ORDER_MARK[0]
            && bytes[1] == BYTE_ORDER_MARK[1]
            && bytes[2] == BYTE_ORDER_MARK[2];
    in.reset(bytes, marked ? 3 : 0, size, limits.maxKeyBytes());
  }

  private void readBatchObject() {
    int start = in.position();
    boolean eventsSeen = false;
    in.take();
    boolean first = true;
    try {
      while (in.nextMember(first)) {
        first = false;
        if (!eventsSeen && in.stringIs("events")) {
          in.expect('[');
          eventsSeen = true;
          readList();
        } else {
          batchMember();
        }
      }
    } catch (EventFault brokenHeader) {
      int list = eventsSeen ? -1 : findEvents(in.position());
      if (list < 0) {
        throw brokenHeader;
      }
      fault(brokenHeader, "", start, list - start, new Envelope());
      in.moveTo(list);
      readList();
      return;
    }
    if (!eventsSeen) {
      in.moveTo(start);
      readLines();
    } else {
      expectEnd();
    }
  }

  private void expectEnd() {
    if (!in.atEnd()) {
      throw in.unexpected("the end of the text");
    }
  }

  private void batchMember() {
    boolean id = in.stringIs("batch_id");
    boolean from = in.stringIs("source");
    boolean game = in.stringIs("game_id");
    boolean session = in.stringIs("session_id");
    if (in.peek() != '"' || !(id || from || game || session)) {
      in.skipValue(limits.maxDepth());
      return;
    }
    in.readString();
    String text = JsonUnescaper.text(body, in.stringFrom(), in.stringTo(), in.stringEscaped());
    if (id) {
      batchId = text;
    } else if (from) {
      source = text;
    } else if (game) {
      gameId = text;
    } else {
      sessionId = text;
    }
  }

  /**
   * The first position in the list of events, if it can be found behind a broken member of the
   * batch; else -1.
   */
  private int findEvents(int from) {
    byte[] name = {'"', 'e', 'v', 'e', 'n', 't', 's', '"'};
    for (int p = Math.max(0, from); p + name.length < length; p++) {
      if (java.util.Arrays.equals(body, p, p + name.length, name, 0, name.length)) {
        in.moveTo(p + name.length);
        if (in.takeIf(':') && in.takeIf('[')) {
          return in.position();
        }
      }
    }
    return -1;
  }

  /** Reads the events of a list whose bracket is behind the cursor, up to behind its end. */
  private void readList() {
    int index = 0;
    while (!in.takeIf(']')) {
      int start = in.position();
      if (index == limits.maxEvents()) {
        EventFault tooMany =
            new EventFault(
                Reason.TOO_MANY_EVENTS, "a batch holds at most " + index + " events", start);
        fault(tooMany, path(index), start, length - start, new Envelope());
        in.moveTo(length);
        return;
      }
      readEvent(new Envelope(), path(index), start);
      index++;
      afterEvent(index);
    }
  }

  /** Moves past the comma behind an event; what stands there instead of one is given up. */
  private void afterEvent(int index) {
    if (in.atEnd()) {
      EventFault open =
          new EventFault(Reason.TRUNCATED, "the text ends within the list of events", length);
      fault(open, path(index), length, 0, new Envelope());
      return;
    }
    byte next = in.peek();
    if (next == ',') {
      in.take();
    } else if (next != ']') {
      int start = in.position();
      EventFault junk = in.unexpected("',' or ']'");
      int end = boundary.after(start, start, length);
      fault(junk, path(index), start, end - start, new Envelope());
      in.moveTo(end);
      if (!in.atEnd()) {
        in.takeIf(',');
      }
    }
  }

  private static String path(int index) {
    return "events[" + index + "]";
  }

  /**
   * Reads the event at the cursor, or finds its end.
   *
   * @return where it ends, or -1 if it cannot be taken; the cursor is behind it in both cases
   */
  private int readEvent(Envelope envelope, String path, int start) {
    int outFrom = out.size();
    try {
      decoder.read(envelope);
      int end = in.position();
      if (end - start > limits.maxEventBytes()) {
        throw new EventFault(
            Reason.EVENT_TOO_LARGE,
            "an event has " + (end - start) + " bytes; " + limits.maxEventBytes() + " are allowed",
            start);
      }
      pieces.add(
          new Piece.Event(
              envelope,
              outFrom,
              out.size(),
              decoder.unmapped(),
              decoder.misfits(),
              start,
              end - start));
      return end;
    } catch (EventFault fault) {
      out.truncate(outFrom);
      String where = FaultPath.of(path, body, start, fault.position(), in.limit());
      String full =
          fault.member().isEmpty()
              ? where
              : where.isEmpty() ? fault.member() : where + "." + fault.member();
      int end = path.isEmpty() ? length : boundary.after(start, fault.position(), in.limit());
      fault(fault, full, start, end - start, envelope);
      in.moveTo(end);
      return -1;
    }
  }

  private void fault(EventFault fault, String path, int position, int size, Envelope envelope) {
    pieces.add(
        new Piece.Fault(
            new Decoded.Broken(
                fault.reason().word(),
                fault.reason().malformed(),
                path,
                fault.text(),
                position,
                size,
                fault.position(),
                envelope.eventId,
                envelope.type == null ? null : envelope.type.name())));
  }

  private void readLines() {
    int index = 0;
    int start = in.position();
    while (start < length) {
      int end = endOfLine(start);
      in.reset(body, start, end, limits.maxKeyBytes());
      if (!in.atEnd()) {
        if (index == limits.maxEvents()) {
          EventFault tooMany =
              new EventFault(
                  Reason.TOO_MANY_EVENTS, "a batch holds at most " + index + " events", start);
          fault(tooMany, path(index), start, length - start, new Envelope());
          return;
        }
        readLine(path(index), in.position(), end);
        index++;
      }
      start = end + 1;
    }
  }

  private void readLine(String path, int start, int end) {
    int before = pieces.size();
    Envelope envelope = new Envelope();
    int read = readEvent(envelope, path, start);
    if (read >= 0 && !in.atEnd()) {
      pieces.subList(before, pieces.size()).clear();
      fault(in.unexpected("the end of the line"), path, start, end - start, envelope);
    }
  }

  private int endOfLine(int from) {
    int p = from;
    while (p < length && body[p] != '\n') {
      p++;
    }
    return p;
  }

  private List<Decoded> complete(Instant receivedAt, Supplier<String> ids) {
    BatchContext batch = new BatchContext(batchId, source, gameId, sessionId);
    List<Decoded> decoded = new ArrayList<>(pieces.size());
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Event event) {
        decoded.add(complete(event, batch, receivedAt, ids));
      } else if (piece instanceof Piece.Fault fault) {
        decoded.add(fault.broken());
      }
    }
    return decoded;
  }

  private Decoded.Readable complete(
      Piece.Event event, BatchContext batch, Instant receivedAt, Supplier<String> ids) {
    completion.clear();
    EventFacts facts = event.envelope().complete(completion, batch, receivedAt, ids);
    int size = event.outTo() - event.outFrom();
    byte[] value = new byte[size + completion.size()];
    System.arraycopy(out.bytes(), event.outFrom(), value, 0, size);
    System.arraycopy(completion.bytes(), 0, value, size, completion.size());
    return new Decoded.Readable(
        facts, value, event.unmapped(), event.misfits(), event.position(), event.length());
  }
}
