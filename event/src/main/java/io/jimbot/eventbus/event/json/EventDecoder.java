package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.event.json.EventFault.Reason;
import io.jimbot.eventbus.event.json.MessageShape.Field;
import io.jimbot.eventbus.event.json.PayloadShapes.Payload;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.TimestampForm;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event: the members of its envelope, and its payload into the message of its type.
 *
 * <p>Members come in any order. A payload that comes before the type (and, for types that need it,
 * the subtype) is checked and skipped, and read once the envelope is complete. Not thread-safe.
 */
final class EventDecoder {
  /** Longest id of an event, in characters. */
  static final int MAX_EVENT_ID = 256;

  private static final List<String> PLAIN_FIELDS =
      List.of("priority", "correlation_id", "sequence_number", "metadata", "initial", "debug");

  private final EventCatalogue catalogue;
  private final PayloadShapes payloads;
  private final MessageShape plainFields;
  private final KeyTable<Member> members;
  private final KeyTable<EventType> types;

  private final JsonCursor in;
  private final WireWriter out;
  private final Leftovers leftovers;
  private final MessageDecoder values;

  EventDecoder(
      DecodeLimits limits,
      EventCatalogue catalogue,
      JsonCursor in,
      WireWriter out,
      Leftovers leftovers) {
    this.catalogue = catalogue;
    this.in = in;
    this.out = out;
    this.leftovers = leftovers;
    this.values = new MessageDecoder(limits, in, out, leftovers);
    Map<String, MessageShape> known = new HashMap<>();
    this.payloads = new PayloadShapes(catalogue, known);
    this.plainFields = MessageShape.of(Event.getDescriptor(), PLAIN_FIELDS, known);
    this.members =
        new KeyTable<>(
            Arrays.stream(Member.values())
                .collect(
                    Collectors.toMap(m -> m.name().toLowerCase(Locale.ROOT), Function.identity())));
    this.types =
        new KeyTable<>(
            catalogue.types().stream()
                .collect(Collectors.toMap(EventType::name, Function.identity())));
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
    in.expect('{');
    values.descend();
    long seen = 0;
    boolean first = true;
    while (in.nextMember(first)) {
      first = false;
      leftovers.enter(in.stringFrom(), in.stringTo());
      byte[] name = values.nameBytes();
      Member member = members.get(name, values.nameFrom(), values.nameTo());
      Field field =
          member != null ? null : plainFields.field(name, values.nameFrom(), values.nameTo());
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
      case TYPE, EVENT_TYPE -> type(envelope, member == Member.TYPE, nested);
      case SUBTYPE -> envelope.subtype = text(Event.SUBTYPE_FIELD_NUMBER);
      case EVENT_ID -> eventId(envelope, nested);
      case SOURCE -> envelope.source = text(Event.SOURCE_FIELD_NUMBER);
      case GAME_ID -> envelope.gameId = text(Event.GAME_ID_FIELD_NUMBER);
      case SESSION_ID -> envelope.sessionId = text(Event.SESSION_ID_FIELD_NUMBER);
      case VERSION -> version(envelope);
      case TIMESTAMP -> timestamp(envelope);
      case PAYLOAD, DATA -> payload(envelope, member == Member.DATA);
      case CHANGES -> changes();
    }
  }

  /** Reads a string into a field and returns it; null, with the value left over, if it is none. */
  private @Nullable String text(int number) {
    String text = peekText();
    if (text == null) {
      values.keepMisfit();
      return null;
    }
    in.readString();
    write(number, text);
    return text;
  }

  /** The string at the cursor, which stays before it; null if there is none. */
  private @Nullable String peekText() {
    if (in.peek() != '"') {
      return null;
    }
    int start = in.position();
    in.readString();
    String text =
        JsonUnescaper.text(in.bytes(), in.stringFrom(), in.stringTo(), in.stringEscaped());
    in.moveTo(start);
    return text;
  }

  private void write(int number, String text) {
    if (in.stringEscaped()) {
      byte[] utf8 = text.getBytes(UTF_8);
      out.bytes(number, utf8, 0, utf8.length);
    } else {
      out.bytes(number, in.bytes(), in.stringFrom(), in.stringTo());
    }
  }

  private void type(Envelope envelope, boolean underType, boolean nested) {
    if (envelope.type != null) {
      values.keepUnmapped();
      return;
    }
    EventType type = in.peek() == '"' ? knownType() : null;
    if (type == null) {
      String written = peekText();
      String canonical = written == null ? null : EventType.canonical(written);
      if (canonical == null && nested) {
        values.keepMisfit();
        return;
      }
      if (canonical == null) {
        throw new EventFault(
            Reason.INVALID,
            "a type is a string of 1 to "
                + EventType.MAX_LENGTH
                + " letters, digits, '_', '.' or '-', a letter first",
            in.position());
      }
      type = catalogue.type(canonical);
      if (canonical.equals(written)) {
        values.skip();
      } else {
        leftovers.keep(in, 1);
      }
    }
    envelope.type = type;
    envelope.typeUnderType = underType;
    byte[] name = type.name().getBytes(ISO_8859_1);
    out.bytes(Event.EVENT_TYPE_FIELD_NUMBER, name, 0, name.length);
  }

  /**
   * The listed type whose name the string at the cursor is, with the cursor behind it; else null,
   * and before it.
   */
  private @Nullable EventType knownType() {
    int start = in.position();
    in.readString();
    EventType type = types.get(in.bytes(), in.stringFrom(), in.stringTo());
    if (type == null) {
      in.moveTo(start);
    }
    return type;
  }

  private void eventId(Envelope envelope, boolean nested) {
    String id = peekText();
    boolean acceptable = id != null && !id.isEmpty() && id.length() <= MAX_EVENT_ID;
    boolean absent = in.peek() == 'n' && in.isNull();
    if (acceptable) {
      envelope.eventId = text(Event.EVENT_ID_FIELD_NUMBER);
    } else if (absent || nested) {
      values.keepMisfit();
    } else {
      throw new EventFault(
          Reason.INVALID,
          "an event_id is a string of 1 to " + MAX_EVENT_ID + " characters",
          in.position());
    }
  }

  private void version(Envelope envelope) {
    byte next = in.peek();
    if (next == '-' || (next >= '0' && next <= '9')) {
      int start = in.position();
      JsonNumber number = in.readNumber();
      if (number.isLong() && number.longValue() == (int) number.longValue()) {
        out.int64(Event.VERSION_FIELD_NUMBER, number.longValue());
        envelope.version = number.longValue();
        return;
      }
      in.moveTo(start);
    }
    values.keepMisfit();
  }

  private void timestamp(Envelope envelope) {
    byte next = in.peek();
    int start = in.position();
    TimestampForm form = null;
    if (next == '"') {
      String text = peekText();
      Instant moment = text == null ? null : TimestampReader.readText(text, out);
      if (moment != null) {
        form = TimestampForm.TIMESTAMP_FORM_ISO_8601;
        if (moment.toString().equals(text)) {
          values.skip();
        } else {
          leftovers.keep(in, 1);
        }
      }
    } else if (next != '{'
        && next != '['
        && next != 't'
        && next != 'f'
        && !(next == 'n' && in.isNull())) {
      form = TimestampReader.readNumber(in, out);
    }
    if (form == null) {
      values.keepMisfit();
    } else {
      envelope.timestampForm = form;
    }
    envelope.clock = asWritten(start, in.position());
  }

  private String asWritten(int from, int to) {
    return new String(in.bytes(), from, to - from, UTF_8);
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
      in.peek();
      envelope.deferredPayload = in.position();
      values.skip();
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
