package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.json.DecodeLimits;
import io.jimbot.eventbus.event.json.EventEncoder;
import io.jimbot.eventbus.event.json.JsonCompactor;
import io.jimbot.eventbus.gateway.deadletter.FoundLetter;
import io.jimbot.eventbus.gateway.deadletter.TrackedAction;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.deadletter.RedriveCount;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterSelector;
import io.jimbot.events.v1.DeadLetterStatus;
import io.jimbot.events.v1.DeadLetterTarget;
import io.jimbot.events.v1.Event;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes dead letters and actions as JSON. */
final class LetterJson {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final EventEncoder EVENTS = new EventEncoder();
  private static final Set<String> BINARY = Set.of(HeaderNames.IDEMPOTENCY_KEY);

  private LetterJson() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** What a list shows of a dead letter. */
  static ObjectNode brief(FoundLetter found) {
    DeadLetter letter = found.letter();
    DeadLetterStatus status = found.status();
    ObjectNode json = object();
    json.put("id", letter.getDeadLetterId());
    json.put("state", word(status.getState().name(), "DEAD_LETTER_STATE_"));
    json.put("stage", word(letter.getStage().name(), "DEAD_LETTER_STAGE_"));
    json.put("reason", letter.getReason());
    json.put("message", letter.getMessage());
    put(json, "path", letter.getPath());
    put(json, "event_id", header(letter, HeaderNames.EVENT_ID));
    put(json, "event_type", header(letter, HeaderNames.EVENT_TYPE));
    put(json, "source", header(letter, HeaderNames.SOURCE));
    put(json, "producer", letter.getProducer());
    put(json, "group", letter.getGroup());
    json.put("attempts", letter.getAttempts());
    json.put("redrive_count", RedriveCount.of(letter));
    json.put("first_failed_at", WireTime.instant(letter.getFirstFailedAt()).toString());
    json.put("last_failed_at", WireTime.instant(letter.getLastFailedAt()).toString());
    json.put("size", letter.getOriginal().size());
    if (status.hasDueAt()) {
      json.put("due_at", WireTime.instant(status.getDueAt()).toString());
    }
    if (status.hasChangedAt()) {
      json.put("changed_at", WireTime.instant(status.getChangedAt()).toString());
    }
    put(json, "action_id", status.getActionId());
    put(json, "by", status.getBy());
    put(json, "repeats", status.getRepeats());
    put(json, "refusal", status.getRefusal());
    return json;
  }

  /** All of a dead letter, with its bytes, and readable where they are an event. */
  static ObjectNode full(FoundLetter found) {
    DeadLetter letter = found.letter();
    ObjectNode json = brief(found);
    json.put("retryable", DeadLetterReason.isRetryable(letter.getReason()));
    json.put("content_type", letter.getContentType());
    put(json, "batch_id", letter.getBatchId());
    if (letter.hasPosition()) {
      json.put("position", letter.getPosition());
    }
    if (letter.hasFaultPosition()) {
      json.put("fault_position", letter.getFaultPosition());
    }
    if (letter.hasOrigin()) {
      json.putObject("origin")
          .put("topic", letter.getOrigin().getTopic())
          .put("partition", letter.getOrigin().getPartition())
          .put("offset", letter.getOrigin().getOffset());
    }
    json.put("partition", found.partition()).put("offset", found.offset());
    ObjectNode headers = json.putObject("headers");
    letter.getHeadersMap().forEach((name, value) -> headers.put(name, text(name, value)));
    json.put(
        "original_base64", Base64.getEncoder().encodeToString(letter.getOriginal().toByteArray()));
    byte[] event = event(letter);
    if (event != null) {
      json.putRawValue("event", new RawValue(new String(event, UTF_8)));
    }
    return json;
  }

  private static String text(String header, ByteString value) {
    return BINARY.contains(header)
        ? Base64.getEncoder().encodeToString(value.toByteArray())
        : value.toStringUtf8();
  }

  private static byte @Nullable [] event(DeadLetter letter) {
    byte[] original = letter.getOriginal().toByteArray();
    if (letter.getContentType().startsWith("application/json")) {
      return new JsonCompactor(DecodeLimits.DEFAULT).compact(original).json();
    }
    try {
      Event event = Event.parseFrom(ConfluentFrame.message(original));
      return event.getEventType().isEmpty() ? null : EVENTS.encode(event);
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  /** An action and how far it has come. */
  static ObjectNode action(TrackedAction tracked) {
    DeadLetterAction action = tracked.action();
    ObjectNode json = object();
    json.put("action_id", action.getActionId());
    json.put("action", word(action.getKind().name(), "DEAD_LETTER_ACTION_KIND_"));
    json.put("state", tracked.isFinished() ? "finished" : "running");
    json.put("by", action.getRequestedBy());
    json.put("requested_at", WireTime.instant(action.getRequestedAt()).toString());
    put(json, "note", action.getNote());
    json.set("selector", selector(action.getSelector()));
    if (action.getTarget() != DeadLetterTarget.DEAD_LETTER_TARGET_UNSPECIFIED) {
      json.put("target", word(action.getTarget().name(), "DEAD_LETTER_TARGET_"));
    }
    if (action.getRate() > 0) {
      json.put("rate", action.getRate());
    }
    json.put("matched", tracked.selected());
    json.put("done", tracked.done());
    ObjectNode refused = json.putObject("refused");
    tracked.refused().forEach(refused::put);
    put(json, "first_refusal", tracked.firstRefusal());
    return json;
  }

  private static ObjectNode selector(DeadLetterSelector selector) {
    ObjectNode json = object();
    add(json, "id", selector.getDeadLetterIdsList());
    add(json, "reason", selector.getReasonsList());
    add(json, "type", selector.getEventTypesList());
    add(json, "source", selector.getSourcesList());
    add(json, "group", selector.getGroupsList());
    selector
        .getStagesList()
        .forEach(stage -> json.withArray("stage").add(word(stage.name(), "DEAD_LETTER_STAGE_")));
    selector
        .getStatesList()
        .forEach(state -> json.withArray("state").add(word(state.name(), "DEAD_LETTER_STATE_")));
    if (selector.hasFrom()) {
      json.put("from", WireTime.instant(selector.getFrom()).toString());
    }
    if (selector.hasTo()) {
      json.put("to", WireTime.instant(selector.getTo()).toString());
    }
    return json;
  }

  private static void add(ObjectNode json, String name, List<String> values) {
    values.forEach(value -> json.withArray(name).add(value));
  }

  private static void put(ObjectNode json, String name, String value) {
    if (!value.isEmpty()) {
      json.put(name, value);
    }
  }

  private static String header(DeadLetter letter, String name) {
    return letter.getHeadersOrDefault(name, ByteString.EMPTY).toStringUtf8();
  }

  private static String word(String constant, String prefix) {
    return constant.substring(prefix.length()).toLowerCase(Locale.ROOT);
  }
}
