package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.EventFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a body as they are found, until what the batch says is known in full and the events
 * among them can be completed. Not thread-safe.
 */
final class Pieces {
  private final WireWriter events;
  private final WireWriter completion = new WireWriter();
  private final List<Piece> pieces = new ArrayList<>();

  /**
   * @param events holds the fields of the events
   */
  Pieces(WireWriter events) {
    this.events = events;
  }

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

  void clear() {
    pieces.clear();
    events.clear();
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** Adds the event of which {@code decoder} has written the fields behind {@code outFrom}. */
  void event(Envelope envelope, EventDecoder decoder, int outFrom, int position, int end) {
    pieces.add(
        new Piece.Event(
            envelope,
            outFrom,
            events.size(),
            decoder.unmapped(),
            decoder.misfits(),
            position,
            end - position));
  }

  /** Adds a piece that is not an event. */
  void fault(EventFault fault, String path, int position, int end) {
    fault(fault, path, position, end, null);
  }

  /**
   * Adds a piece that is not an acceptable event.
   *
   * @param envelope what was read of it before the fault
   */
  void fault(EventFault fault, String path, int position, int end, @Nullable Envelope envelope) {
    pieces.add(
        new Piece.Fault(
            new Decoded.Broken(
                fault.reason().word(),
                fault.reason().malformed(),
                path,
                fault.text(),
                position,
                end - position,
                fault.position(),
                envelope == null ? null : envelope.eventId,
                envelope == null || envelope.type == null ? null : envelope.type.name(),
                null)));
  }

  /** Whether the last piece is a fault that takes all up to {@code end}. */
  boolean endWithFaultAt(int end) {
    return !pieces.isEmpty()
        && pieces.get(pieces.size() - 1) instanceof Piece.Fault last
        && last.broken().position() + last.broken().length() == end;
  }

  /** Takes back the piece that was added last. */
  void removeLast() {
    pieces.remove(pieces.size() - 1);
  }

  /** Completes the events with what the batch and the bus add. */
  List<Decoded> complete(BatchContext batch, Instant receivedAt, Supplier<String> ids) {
    List<Decoded> decoded = new ArrayList<>(pieces.size());
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Event event) {
        decoded.add(complete(event, batch, receivedAt, ids));
      } else if (piece instanceof Piece.Fault fault) {
        decoded.add(fault.broken().in(batch.batchId()));
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
    System.arraycopy(events.bytes(), event.outFrom(), value, 0, size);
    System.arraycopy(completion.bytes(), 0, value, size, completion.size());
    return new Decoded.Readable(
        facts, value, event.unmapped(), event.misfits(), event.position(), event.length());
  }
}
