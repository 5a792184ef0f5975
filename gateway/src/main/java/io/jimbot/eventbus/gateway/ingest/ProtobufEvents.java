package io.jimbot.eventbus.gateway.ingest;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.event.WireTimestamp;
import io.jimbot.eventbus.event.json.DecodeLimits;
import io.jimbot.eventbus.event.json.Decoded;
import io.jimbot.eventbus.event.json.JsonCompactor;
import io.jimbot.events.v1.Event;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads events that came as Protobuf into what the rest of the way in takes, under the same rules
 * as JSON. Thread-safe.
 */
final class ProtobufEvents {

  private static final int MAX_NAME = 256;

  private final DecodeLimits limits;
  private final EventCatalogue catalogue;
  private final JsonCompactor compactor;
  private final Supplier<String> ids;

  ProtobufEvents(DecodeLimits limits, EventCatalogue catalogue, Supplier<String> ids) {
    this.limits = limits;
    this.catalogue = catalogue;
    this.compactor = new JsonCompactor(limits);
    this.ids = ids;
  }

  /**
   * Events that were read.
   *
   * @param pieces one for each event
   * @param submission for the rest of the way; its body holds the bytes of those that are refused
   */
  record Read(List<Decoded> pieces, Submission submission) {}

  Read read(EventSubmission submission) {
    ByteArrayOutputStream refused = new ByteArrayOutputStream();
    List<Decoded> pieces = new ArrayList<>(submission.events().size());
    for (Event event : submission.events()) {
      String root = submission.batch() ? "events[" + pieces.size() + "]" : "";
      Event.Builder stored = event.toBuilder();
      Fault fault = pieces.size() < limits.maxEvents() ? fault(event) : tooMany();
      if (fault == null) {
        fault = readContents(stored, "");
      }
      pieces.add(
          fault == null
              ? readable(event, stored, submission.receivedAt())
              : broken(event, fault, root, refused));
    }
    return new Read(
        pieces,
        new Submission(
            refused.toByteArray(),
            refused.size(),
            submission.batch() ? Submission.Kind.PROTOBUF_BATCH : Submission.Kind.SINGLE,
            submission.producer(),
            submission.orderingKey(),
            submission.traceparent(),
            submission.receivedAt(),
            submission.timing()));
  }

  /** Why an event is not acceptable; reasons are the words that JSON events are refused with. */
  private record Fault(String reason, String field, String message) {}

  private static Fault invalid(String field, String message) {
    return new Fault("invalid", field, message);
  }

  private Fault tooMany() {
    return new Fault(
        "too_many_events", "", "a batch has at most " + limits.maxEvents() + " events");
  }

  private @Nullable Fault fault(Event event) {
    if (event.getSerializedSize() > limits.maxEventBytes()) {
      return new Fault(
          "event_too_large", "", "an event has at most " + limits.maxEventBytes() + " bytes");
    }
    if (event.getEventType().isEmpty()) {
      return invalid("event_type", "an event needs an event_type");
    }
    if (EventType.canonical(event.getEventType()) == null) {
      return invalid(
          "event_type",
          "an event_type is a letter, then letters, digits, '_', '.' and '-', at most "
              + EventType.MAX_LENGTH
              + " characters");
    }
    return tooLong(event);
  }

  private static @Nullable Fault tooLong(Event event) {
    Map<String, String> names =
        Map.of(
            "event_id", event.getEventId(),
            "source", event.getSource(),
            "subtype", event.getSubtype(),
            "game_id", event.getGameId(),
            "session_id", event.getSessionId());
    for (Map.Entry<String, String> name : names.entrySet()) {
      if (name.getValue().length() > MAX_NAME) {
        return invalid(name.getKey(), name.getKey() + " has more than " + MAX_NAME + " characters");
      }
    }
    return null;
  }

  /** Times, and JSON within the event, are held to the rules of JSON events; at every depth. */
  private @Nullable Fault readContents(Event.Builder event, String path) {
    if (event.hasTimestamp() && !WireTimestamp.isValid(event.getTimestamp())) {
      return invalid(
          path + "timestamp", "a timestamp is of the years 1 to 9999, its nanos below a second");
    }
    Fault fault = compactJson(event, path);
    for (int i = 0; fault == null && i < event.getChangesCount(); i++) {
      fault = readContents(event.getChangesBuilder(i), path + "changes[" + i + "].");
    }
    return fault;
  }

  private @Nullable Fault compactJson(Event.Builder event, String path) {
    if (event.hasJson()) {
      JsonCompactor.Compacted payload = compactor.compact(event.getJson().toByteArray());
      if (payload.json() == null) {
        return invalid(path + "json", "the payload is not JSON: " + payload.fault());
      }
      event.setJson(ByteString.copyFrom(payload.json()));
    }
    if (!event.getLeftovers().isEmpty()) {
      JsonCompactor.Compacted rest = compactor.compact(event.getLeftovers().toByteArray());
      if (rest.json() == null || rest.json()[0] != '{') {
        return invalid(path + "leftovers", "the leftovers are no JSON object");
      }
      event.setLeftovers(ByteString.copyFrom(rest.json()));
    }
    return null;
  }

  private static Decoded.Broken broken(
      Event event, Fault fault, String root, ByteArrayOutputStream refused) {
    byte[] bytes = event.toByteArray();
    int position = refused.size();
    refused.writeBytes(bytes);
    String type = EventType.canonical(event.getEventType());
    String dot = root.isEmpty() || fault.field().isEmpty() ? "" : ".";
    return new Decoded.Broken(
        fault.reason(),
        false,
        root + dot + fault.field(),
        fault.message(),
        position,
        bytes.length,
        position,
        event.getEventId().isEmpty() ? null : event.getEventId(),
        type,
        event.hasBatchId() ? event.getBatchId() : null);
  }

  private Decoded.Readable readable(Event event, Event.Builder stored, Instant receivedAt) {
    String type = Objects.requireNonNull(EventType.canonical(event.getEventType()));
    boolean assigned = event.getEventId().isEmpty();
    String id = assigned ? ids.get() : event.getEventId();
    stored
        .setEventType(type)
        .setEventId(id)
        .setReceivedAt(
            Timestamp.newBuilder()
                .setSeconds(receivedAt.getEpochSecond())
                .setNanos(receivedAt.getNano()));
    Event complete = stored.build();
    EventFacts facts = EventFacts.of(complete, catalogue.type(type), assigned);
    return new Decoded.Readable(facts, complete.toByteArray(), 0, 0, 0, 0);
  }
}
