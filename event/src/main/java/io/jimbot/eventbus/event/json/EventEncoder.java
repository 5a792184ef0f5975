package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.WireTimestamp;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.JsonForm;
import io.jimbot.events.v1.TimestampForm;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event as the JSON that it came in: every member and value that its producer sent, and
 * nothing that the bus added. The order of members and the spelling of numbers and strings may
 * differ. An event that came as Protobuf is written in the bus's own dialect: {@code event_type},
 * {@code payload}, times in ISO 8601. Thread-safe.
 */
public final class EventEncoder {
  private static final Set<String> NOT_SENT =
      Set.of("received_at", "json_form", "leftovers", "batch_id", "monotonic_ms");
  private static final OneofDescriptor PAYLOAD =
      Event.getDescriptor().findFieldByNumber(Event.JSON_FIELD_NUMBER).getContainingOneof();

  private final MessageEncoder messages = new MessageEncoder();

  /** The JSON of an event, as UTF-8. */
  public byte[] encode(Event event) {
    JsonSink out = new JsonSink();
    ByteString leftovers = event.getLeftovers();
    write(
        event,
        leftovers.isEmpty() ? LeftoverMembers.NONE : LeftoverMembers.of(leftovers.toByteArray()),
        out);
    return out.copy(0, out.size());
  }

  /**
   * An event as far as it could be written.
   *
   * @param json the event's JSON; without the leftovers if these cannot be read
   * @param fault what is wrong with the leftovers, for a person; null if nothing is
   */
  public record Salvaged(String json, @Nullable String fault) {}

  /** The JSON of an event that somebody else may have written, with leftovers that are no JSON. */
  public Salvaged salvage(Event event) {
    try {
      return new Salvaged(new String(encode(event), UTF_8), null);
    } catch (EventFault e) {
      Event rest = event.toBuilder().clearLeftovers().build();
      return new Salvaged(
          new String(encode(rest), UTF_8), e.text() + ", at byte " + e.position() + " of them");
    }
  }

  /**
   * Where an event lies.
   *
   * @param topic the logical topic
   * @param partition the partition of the log, from 0
   * @param offset the offset in it, from 0
   */
  public record Place(String topic, int partition, long offset) {}

  /**
   * The JSON of a delivered event, as UTF-8 on one line: what the bus knows of it, and in {@code
   * event} what its producer sent, untouched, so that no name of the bus can hide one of a
   * producer.
   *
   * @param value the encoded event
   * @return null if the bytes are no event that the bus has written
   */
  public byte @Nullable [] encodeDelivered(ByteString value, Place place) {
    try {
      return encodeDelivered(Event.parseFrom(value), place);
    } catch (InvalidProtocolBufferException | EventFault e) {
      return null;
    }
  }

  private byte[] encodeDelivered(Event event, Place place) {
    JsonSink out = new JsonSink();
    out.begin('{');
    out.name("event_id");
    out.string(event.getEventId());
    out.name("event_type");
    out.string(event.getEventType());
    out.name("topic");
    out.string(place.topic());
    out.name("received_at");
    out.string(WireTimestamp.toText(event.getReceivedAt()));
    out.name("partition");
    out.raw(Integer.toString(place.partition()));
    out.name("offset");
    out.raw(Long.toString(place.offset()));
    out.name("event");
    ByteString leftovers = event.getLeftovers();
    write(
        event,
        leftovers.isEmpty() ? LeftoverMembers.NONE : LeftoverMembers.of(leftovers.toByteArray()),
        out);
    out.end('}');
    return out.copy(0, out.size());
  }

  private void write(Event event, LeftoverMembers leftovers, JsonSink out) {
    JsonForm form = event.getJsonForm();
    out.begin('{');
    time(event, leftovers, out);
    for (Map.Entry<FieldDescriptor, Object> entry : event.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      switch (field.getNumber()) {
        case Event.EVENT_TYPE_FIELD_NUMBER ->
            messages.member(
                form.getTypeUnderType() ? "type" : "event_type",
                field,
                entry.getValue(),
                leftovers,
                out);
        case Event.TIMESTAMP_FIELD_NUMBER -> {}
        case Event.CHANGES_FIELD_NUMBER -> changes(event, leftovers, out);
        default -> {
          if (field.getContainingOneof() == PAYLOAD) {
            payload(
                form.getPayloadUnderData() ? "data" : "payload",
                field,
                entry.getValue(),
                leftovers,
                out);
          } else if (sent(field, form)) {
            messages.member(field.getName(), field, entry.getValue(), leftovers, out);
          }
        }
      }
    }
    leftovers.writeRest(out);
    out.end('}');
  }

  private static boolean sent(FieldDescriptor field, JsonForm form) {
    return !NOT_SENT.contains(field.getName())
        && switch (field.getNumber()) {
          case Event.EVENT_ID_FIELD_NUMBER -> !form.getEventIdAssigned();
          case Event.SOURCE_FIELD_NUMBER -> !form.getSourceOfBatch();
          case Event.GAME_ID_FIELD_NUMBER -> !form.getGameIdOfBatch();
          case Event.SESSION_ID_FIELD_NUMBER -> !form.getSessionIdOfBatch();
          default -> true;
        };
  }

  private void payload(
      String name, FieldDescriptor field, Object value, LeftoverMembers leftovers, JsonSink out) {
    if (field.getNumber() == Event.JSON_FIELD_NUMBER) {
      byte[] json = ((ByteString) value).toByteArray();
      out.name(name);
      out.raw(json, 0, json.length);
    } else {
      messages.member(name, field, value, leftovers, out);
    }
  }

  private void changes(Event event, LeftoverMembers leftovers, JsonSink out) {
    LeftoverMembers elements = leftovers.within("changes");
    out.name("changes");
    out.begin('[');
    int index = 0;
    for (Event change : event.getChangesList()) {
      String position = Integer.toString(index++);
      if (elements.isObject(position) || !elements.writeInstead(position, out)) {
        write(change, elements.within(position), out);
      }
    }
    out.end(']');
  }

  private static void time(Event event, LeftoverMembers leftovers, JsonSink out) {
    if (leftovers.has("timestamp")) {
      return;
    }
    if (event.hasMonotonicMs()) {
      out.name("timestamp");
      out.number(event.getMonotonicMs());
    } else if (event.hasTimestamp()) {
      out.name("timestamp");
      epochOrIso(event.getTimestamp(), event.getJsonForm().getTimestampForm(), out);
    }
  }

  private static void epochOrIso(Timestamp time, TimestampForm form, JsonSink out) {
    switch (form) {
      case TIMESTAMP_FORM_EPOCH_SECONDS,
          TIMESTAMP_FORM_EPOCH_MILLIS,
          TIMESTAMP_FORM_EPOCH_MICROS,
          TIMESTAMP_FORM_EPOCH_NANOS -> {
        BigDecimal seconds =
            BigDecimal.valueOf(time.getSeconds()).add(BigDecimal.valueOf(time.getNanos(), 9));
        BigDecimal units = seconds.multiply(BigDecimal.valueOf(TimestampReader.perSecond(form)));
        out.raw(units.stripTrailingZeros().toPlainString());
      }
      case TIMESTAMP_FORM_UNSPECIFIED,
          TIMESTAMP_FORM_ISO_8601,
          TIMESTAMP_FORM_MONOTONIC_MILLIS,
          UNRECOGNIZED ->
          out.string(WireTimestamp.toText(time));
    }
  }
}
