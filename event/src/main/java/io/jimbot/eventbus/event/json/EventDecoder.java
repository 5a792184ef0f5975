package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.event.json.EventFault.Reason;
import io.jimbot.eventbus.event.json.MessageShape.Field;
import io.jimbot.eventbus.event.json.PayloadShapes.Payload;
import io.jimbot.events.v1.Event;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads one event: the members of its envelope, and its payload into the message of its type.
 *
 * <p>Members come in any order. A payload that comes before the type (and, for types that need it,
 * the subtype) is passed over, and read once the envelope is complete. Not thread-safe.
 */
final class EventDecoder {
  private static final List<String> PLAIN_FIELDS =
      List.of("priority", "correlation_id", "sequence_number", "metadata", "initial", "debug");

  private final PayloadShapes payloads;
  private final MessageShape plainFields;
  private final KeyTable<Member> members;

  private final JsonCursor in;
  private final WireWriter out;
  private final Leftovers leftovers;
  private final MemberName name;
  private final MessageDecoder values;
  private final EnvelopeDecoder identity;

  EventDecoder(
      DecodeLimits limits,
      EventCatalogue catalogue,
      JsonCursor in,
      WireWriter out,
      Leftovers leftovers) {
    this.in = in;
    this.out = out;
    this.leftovers = leftovers;
    this.name = new MemberName(in);
    this.values = new MessageDecoder(limits, in, out, leftovers);
    this.identity = new EnvelopeDecoder(catalogue, in, out, leftovers, values);
    Map<String, MessageShape> known = new HashMap<>();
    this.payloads = new PayloadShapes(catalogue, known);
    this.plainFields = MessageShape.of(Event.getDescriptor(), PLAIN_FIELDS, known);
    this.members =
        new KeyTable<>(
            Arrays.stream(Member.values())
                .collect(
                    Collectors.toMap(m -> m.name().toLowerCase(Locale.ROOT), Function.identity())));
  }

  /** The members of the envelope that are more than a field. */
  private enum Member {
    TYPE,
    EVENT_TYPE,
    SUBTYPE,
    EVENT_ID,
    SOURCE,
    GAME_ID,
    SESSION_ID,
    VERSION,
    TIMESTAMP,
    PAYLOAD,
    DATA,
    CHANGES;

    long bit() {
      return 1L << (63 - ordinal());
    }
  }

  /** Members without a field and values that do not fit, in the last event. */
  int unmapped() {
    return values.unmapped();
  }

  int misfits() {
    return values.misfits();
  }

  /**
   * Reads the event at the cursor into the output, all but what the batch and the bus add.
   *
   * @param envelope takes what is read of the envelope, also as far as it was read before a fault
   * @throws EventFault if it is no event or not acceptable; what is in the output from then on is
   *     of no use
   */
  void read(Envelope envelope) {
    leftovers.reset(in.bytes());
    values.reset();
    if (in.peek() != '{') {
      throw new EventFault(Reason.NOT_AN_EVENT, "an event is an object", in.position());
    }
    int start = in.position();
    members(envelope, false);
    if (envelope.type == null) {
      throw new EventFault(
          Reason.INVALID, "an event needs a type, under \"type\" or \"event_type\"", start, "type");
    }
    if (!leftovers.isEmpty()) {
      ByteSink left = leftovers.finish();
      out.bytes(Event.LEFTOVERS_FIELD_NUMBER, left.bytes(), 0, left.size());
    }
  }

  private void members(Envelope envelope, boolean nested) {
    try {
      readMembers(envelope, nested);
    } catch (EventFault fault) {
      throw firstFault(envelope, fault);
    }
  }

  /** A payload that was only passed over may be the true cause of a fault behind it. */
  private EventFault firstFault(Envelope envelope, EventFault found) {
    if (envelope.deferredPayload >= 0) {
      in.moveTo(envelope.deferredPayload);
      try {
        in.skipValue(Integer.MAX_VALUE);
      } catch (EventFault earlier) {
        return earlier;
      }
    }
    return found;
  }

  private void readMembers(Envelope envelope, boolean nested) {
    in.expect('{');
    values.descend();
    long seen = 0;
    boolean first = true;
    while (in.nextMember(first)) {
      first = false;
      leftovers.enter(in.stringFrom(), in.stringTo());
      name.resolve();
      Member member = members.get(name.bytes(), name.from(), name.to());
      Field field = member != null ? null : plainFields.field(name.bytes(), name.from(), name.to());
      long bit = member != null ? member.bit() : field != null ? field.bit() : 0;
      if ((seen & bit) != 0) {
        throw values.duplicate();
      }
      seen |= bit;
      if (member != null) {
        special(member, envelope, nested);
      } else if (field != null) {
        values.field(field);
      } else {
        values.keepUnmapped();
      }
      leftovers.leave();
    }
    if (envelope.deferredPayload >= 0) {
      readDeferredPayload(envelope);
    }
    values.ascend();
  }

  private void special(Member member, Envelope envelope, boolean nested) {
    switch (member) {
      case TYPE, EVENT_TYPE -> identity.type(envelope, member == Member.TYPE, nested);
      case SUBTYPE ->
          envelope.subtype = identity.name("subtype", Event.SUBTYPE_FIELD_NUMBER, nested);
      case EVENT_ID -> identity.eventId(envelope, nested);
      case SOURCE -> envelope.source = identity.name("source", Event.SOURCE_FIELD_NUMBER, nested);
      case GAME_ID ->
          envelope.gameId = identity.name("game_id", Event.GAME_ID_FIELD_NUMBER, nested);
      case SESSION_ID ->
          envelope.sessionId = identity.name("session_id", Event.SESSION_ID_FIELD_NUMBER, nested);
      case VERSION -> identity.version(envelope);
      case TIMESTAMP -> identity.timestamp(envelope);
      case PAYLOAD, DATA -> payload(envelope, member == Member.DATA);
      case CHANGES -> changes();
    }
  }

  private void payload(Envelope envelope, boolean underData) {
    if (envelope.payloadSeen) {
      values.keepUnmapped();
      return;
    }
    envelope.payloadSeen = true;
    envelope.payloadUnderData = underData;
    EventType type = envelope.type;
    boolean decided =
        type != null && (envelope.subtype != null || !payloads.dependsOnSubtype(type.name()));
    if (decided) {
      readPayload(envelope);
    } else {
      envelope.deferredNameFrom = in.stringFrom();
      envelope.deferredNameTo = in.stringTo();
      byte next = in.peek();
      envelope.deferredPayload = in.position();
      if (next == '{') {
        in.passOver();
      } else {
        values.skip();
      }
    }
  }

  private void readDeferredPayload(Envelope envelope) {
    int end = in.position();
    in.moveTo(envelope.deferredPayload);
    leftovers.enter(envelope.deferredNameFrom, envelope.deferredNameTo);
    readPayload(envelope);
    leftovers.leave();
    in.moveTo(end);
  }

  private void readPayload(Envelope envelope) {
    EventType type = envelope.type;
    Payload payload = type == null ? null : payloads.find(type.name(), envelope.subtype);
    if (payload == null) {
      int mark = out.open(Event.JSON_FIELD_NUMBER);
      JsonCopier.copyValue(in, values.levelsLeft(), out);
      out.close(mark);
    } else if (in.peek() == '{') {
      int mark = out.open(payload.number());
      envelope.payloadGameId = values.payload(payload.shape());
      out.close(mark);
    } else {
      values.keepMisfit();
    }
  }

  /**
   * Reads the copies of change events that a GAME_STATE carries; each is an event of its own form.
   */
  private void changes() {
    int start = in.position();
    if (in.peek() != '[') {
      values.keepMisfit();
      return;
    }
    in.take();
    boolean more = in.nextElement(true);
    if (!more) {
      in.moveTo(start);
      values.keepMisfit();
      return;
    }
    values.descend();
    for (int index = 0; more; index++) {
      leftovers.enterElement(index);
      int mark = out.open(Event.CHANGES_FIELD_NUMBER);
      if (in.peek() == '{') {
        Envelope change = new Envelope();
        members(change, true);
        change.form(out, BatchContext.NONE);
        out.close(mark);
      } else {
        out.close(mark);
        values.keepMisfit();
      }
      leftovers.leave();
      more = in.nextElement(false);
    }
    values.ascend();
  }
}
