package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.EventCatalogue;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

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
  private final Pieces pieces;
  private final PieceReader events;
  private final LineReader lines;
  private final BatchReader batch;

  public BodyDecoder(DecodeLimits limits, EventCatalogue catalogue) {
    this.limits = limits;
    WireWriter out = new WireWriter();
    this.pieces = new Pieces(out);
    this.events =
        new PieceReader(
            limits, in, out, new EventDecoder(limits, catalogue, in, out, new Leftovers()), pieces);
    this.lines = new LineReader(limits, in, pieces, events);
    this.batch = new BatchReader(limits, in, pieces, events, lines);
  }

  /**
   * Reads a body that holds one event.
   *
   * @param receivedAt when it came in
   * @param ids asked for an id where the event has none
   */
  public Decoded event(byte[] bytes, int size, Instant receivedAt, Supplier<String> ids) {
    begin(bytes, size);
    events.only("");
    return pieces.complete(BatchContext.NONE, receivedAt, ids).get(0);
  }

  /**
   * Reads a body that holds a batch: an object with {@code events}, a list of events, or one event
   * per line.
   *
   * <p>What is neither an event nor white space, a comma or the frame of the batch is in one of the
   * pieces, and no two pieces overlap.
   *
   * @return the pieces in their order; empty only if the batch is
   */
  public List<Decoded> batch(byte[] bytes, int size, Instant receivedAt, Supplier<String> ids) {
    begin(bytes, size);
    BatchContext context = batch.read();
    return pieces.complete(context, receivedAt, ids);
  }

  /** Reads a body that holds one event per line; empty lines do not count. */
  public List<Decoded> lines(byte[] bytes, int size, Instant receivedAt, Supplier<String> ids) {
    begin(bytes, size);
    lines.read();
    return pieces.complete(BatchContext.NONE, receivedAt, ids);
  }

  private void begin(byte[] bytes, int size) {
    pieces.clear();
    boolean marked =
        size >= 3
            && bytes[0] == BYTE_ORDER_MARK[0]
            && bytes[1] == BYTE_ORDER_MARK[1]
            && bytes[2] == BYTE_ORDER_MARK[2];
    in.reset(bytes, marked ? 3 : 0, size, limits.maxKeyBytes());
    in.atEnd();
  }
}
