package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.json.EventFault.Reason;

/**
 * Reads the event at the cursor, or, if it cannot be taken, says why and moves past it. Not
 * thread-safe.
 */
final class PieceReader {
  private final DecodeLimits limits;
  private final JsonCursor in;
  private final WireWriter out;
  private final EventDecoder decoder;
  private final Pieces pieces;
  private final EventBoundary boundary = new EventBoundary();

  PieceReader(
      DecodeLimits limits, JsonCursor in, WireWriter out, EventDecoder decoder, Pieces pieces) {
    this.limits = limits;
    this.in = in;
    this.out = out;
    this.decoder = decoder;
    this.pieces = pieces;
  }

  /**
   * Begins a list of events that ends at the latest where the body does.
   *
   * @param inObject whether the list is a member of an object
   */
  void beginList(boolean inObject) {
    boundary.reset(in.bytes(), in.limit(), inObject);
  }

  /** Reads one event of the list that was begun. */
  void element(String path) {
    int start = in.position();
    Envelope envelope = new Envelope();
    int outFrom = out.size();
    try {
      decode(envelope, outFrom, start);
    } catch (EventFault fault) {
      int suspect =
          in.stringTo() + 1 == in.position() && in.stringFrom() > start
              ? in.stringFrom()
              : fault.position();
      giveUp(fault, path, start, boundary.after(start, suspect), envelope, outFrom);
    }
  }

  /** Reads one event that is all that there is up to the cursor's limit. */
  void only(String path) {
    int start = in.position();
    Envelope envelope = new Envelope();
    int outFrom = out.size();
    try {
      decode(envelope, outFrom, start);
      if (!in.atEnd()) {
        pieces.removeLast();
        throw in.unexpected("the end");
      }
    } catch (EventFault fault) {
      giveUp(fault, path, start, in.limit(), envelope, outFrom);
    }
  }

  private void decode(Envelope envelope, int outFrom, int start) {
    decoder.read(envelope);
    int end = in.position();
    if (end - start > limits.maxEventBytes()) {
      throw new EventFault(
          Reason.EVENT_TOO_LARGE,
          "an event has " + (end - start) + " bytes; " + limits.maxEventBytes() + " are allowed",
          start);
    }
    pieces.event(envelope, decoder, outFrom, start, end);
  }

  private void giveUp(
      EventFault fault, String path, int start, int end, Envelope envelope, int outFrom) {
    out.truncate(outFrom);
    String place = FaultPath.of(path, in.bytes(), start, fault.position(), in.limit());
    String dot = place.isEmpty() || fault.member().isEmpty() ? "" : ".";
    pieces.fault(fault, place + dot + fault.member(), start, end, envelope);
    in.moveTo(end);
  }
}
