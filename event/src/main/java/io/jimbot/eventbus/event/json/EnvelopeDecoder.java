package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.event.json.EventFault.Reason;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.TimestampForm;
import java.time.Instant;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of an envelope that the bus itself looks at: type, id, version, time and the
 * texts that identify the event. Not thread-safe.
 */
final class EnvelopeDecoder {
  /** Longest id, source, subtype, game or session, in characters: they become headers and keys. */
  static final int MAX_NAME = 256;

  private final EventCatalogue catalogue;
  private final KeyTable<EventType> types;
  private final JsonCursor in;
  private final WireWriter out;
  private final Leftovers leftovers;
  private final MessageDecoder values;

  EnvelopeDecoder(
      EventCatalogue catalogue,
      JsonCursor in,
      WireWriter out,
      Leftovers leftovers,
      MessageDecoder values) {
    this.catalogue = catalogue;
    this.in = in;
    this.out = out;
    this.leftovers = leftovers;
    this.values = values;
    this.types =
        new KeyTable<>(
            catalogue.types().stream()
                .collect(Collectors.toMap(EventType::name, Function.identity())));
  }

  /**
   * The fault of a name that is too long; {@code path} is empty where it can be found out later.
   */
  static EventFault tooLong(String member, int position, String path) {
    return new EventFault(
        Reason.INVALID, member + " has more than " + MAX_NAME + " characters", position, path);
  }

  /**
   * Reads a name into a field and returns it; null, with the value left over, if it is no string.
   */
  @Nullable String name(String member, int number, boolean nested) {
    String text = peekText();
    if (text != null && text.length() > MAX_NAME && !nested) {
      throw tooLong(member, in.position(), "");
    }
    if (text == null || text.length() > MAX_NAME) {
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

  void type(Envelope envelope, boolean underType, boolean nested) {
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

  void eventId(Envelope envelope, boolean nested) {
    String id = peekText();
    boolean acceptable = id != null && !id.isEmpty() && id.length() <= MAX_NAME;
    boolean absent = in.peek() == 'n' && in.isNull();
    if (acceptable) {
      envelope.eventId = name("event_id", Event.EVENT_ID_FIELD_NUMBER, nested);
    } else if (absent || nested) {
      values.keepMisfit();
    } else {
      throw new EventFault(
          Reason.INVALID,
          "an event_id is a string of 1 to " + MAX_NAME + " characters",
          in.position());
    }
  }

  void version(Envelope envelope) {
    byte next = in.peek();
    if (next == '-' || (next >= '0' && next <= '9')) {
      int start = in.position();
      JsonNumber number = in.readNumber();
      if (number.isLong() && number.longValue() == (int) number.longValue()) {
        out.int64(Event.VERSION_FIELD_NUMBER, number.longValue());
        envelope.version = (int) number.longValue();
        return;
      }
      in.moveTo(start);
    }
    values.keepMisfit();
  }

  void timestamp(Envelope envelope) {
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
}
