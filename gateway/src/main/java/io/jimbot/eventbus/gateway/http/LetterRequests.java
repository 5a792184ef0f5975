package io.jimbot.eventbus.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterSelector;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterTarget;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads what is asked about dead letters, out of parameters or of a JSON body. */
final class LetterRequests {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_VALUES = 1_000;
  private static final int MAX_TEXT = 256;
  private static final int MAX_RATE = 1_000_000;
  private static final Set<String> CONDITIONS =
      Set.of("id", "reason", "type", "source", "group", "stage", "state", "from", "to");
  private static final Set<String> OTHERS =
      Set.of("all", "dry_run", "rate", "target", "by", "note");

  private LetterRequests() {}

  /** The body of an action; an absent one is an empty object. */
  static ObjectNode body(byte[] bytes) throws InvalidParameter {
    try {
      JsonNode body = bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
      if (body instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new InvalidParameter("body", "it is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("reading an array cannot fail", e);
    }
    throw new InvalidParameter("body", "a JSON object is wanted");
  }

  /** What a list's parameters say, in the form of a body. */
  static ObjectNode parameters(HttpServletRequest request) {
    ObjectNode body = JSON.createObjectNode();
    for (String name : CONDITIONS) {
      String[] given = request.getParameterValues(name);
      for (String values : given == null ? new String[0] : given) {
        List.of(values.split(",")).forEach(value -> body.withArray(name).add(value));
      }
    }
    return body;
  }

  /** Which dead letters are meant. */
  static DeadLetterSelector.Builder selector(ObjectNode body) throws InvalidParameter {
    DeadLetterSelector.Builder selector = DeadLetterSelector.newBuilder();
    for (Iterator<Map.Entry<String, JsonNode>> each = body.fields(); each.hasNext(); ) {
      Map.Entry<String, JsonNode> member = each.next();
      String name = member.getKey();
      if (!CONDITIONS.contains(name) && !OTHERS.contains(name)) {
        throw new InvalidParameter(name, "there is no such member");
      }
      if (CONDITIONS.contains(name)) {
        add(name, member.getValue(), selector);
      }
    }
    return selector;
  }

  private static void add(String name, JsonNode value, DeadLetterSelector.Builder selector)
      throws InvalidParameter {
    int values = value.isArray() ? value.size() : 1;
    if (values == 0 || values > MAX_VALUES) {
      throw new InvalidParameter(name, "1 to " + MAX_VALUES + " values");
    }
    for (JsonNode one : value.isArray() ? value : List.of(value)) {
      if (!one.isValueNode() || one.isNull() || one.asText().length() > MAX_TEXT) {
        throw new InvalidParameter(name, "a text of at most " + MAX_TEXT + " characters");
      }
      addOne(name, one.asText(), selector);
    }
  }

  private static void addOne(String name, String text, DeadLetterSelector.Builder selector)
      throws InvalidParameter {
    switch (name) {
      case "id" -> selector.addDeadLetterIds(text);
      case "reason" -> selector.addReasons(text);
      case "type" -> selector.addEventTypes(text);
      case "source" -> selector.addSources(text);
      case "group" -> selector.addGroups(text);
      case "stage" ->
          selector.addStages(constant(DeadLetterStage.class, "DEAD_LETTER_STAGE_", name, text));
      case "state" ->
          selector.addStates(constant(DeadLetterState.class, "DEAD_LETTER_STATE_", name, text));
      case "from" -> selector.setFrom(WireTime.of(time(name, text)));
      default -> selector.setTo(WireTime.of(time(name, text)));
    }
  }

  private static <E extends Enum<E>> E constant(
      Class<E> type, String prefix, String name, String text) throws InvalidParameter {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(prefix + text.toUpperCase(Locale.ROOT))
          && !text.equalsIgnoreCase("unspecified")) {
        return constant;
      }
    }
    throw new InvalidParameter(name, "there is no " + name + " '" + text + "'");
  }

  private static Instant time(String name, String text) throws InvalidParameter {
    Instant time = FilterParameters.timeOrNull(text);
    if (time == null) {
      throw new InvalidParameter(
          name, "a time in ISO 8601, such as 2026-01-31T12:00:00Z, or milliseconds since 1970");
    }
    return time;
  }

  /** What is to be done to which; who asks is known only if the body says it. */
  static DeadLetterAction.Builder action(ObjectNode body) throws InvalidParameter {
    DeadLetterSelector.Builder selector = selector(body);
    boolean everything = body.path("all").asBoolean(false);
    if (!everything && selector.build().equals(DeadLetterSelector.getDefaultInstance())) {
      throw new InvalidParameter(
          "all", "say which dead letters (" + CONDITIONS + "), or all: true");
    }
    DeadLetterAction.Builder action = DeadLetterAction.newBuilder().setSelector(selector);
    JsonNode rate = body.path("rate");
    if (!rate.isMissingNode()) {
      if (!rate.canConvertToInt() || rate.asInt() < 1 || rate.asInt() > MAX_RATE) {
        throw new InvalidParameter("rate", "a number a second, from 1 to " + MAX_RATE);
      }
      action.setRate(rate.asInt());
    }
    if (body.hasNonNull("target")) {
      String target = body.get("target").asText();
      action.setTarget(constant(DeadLetterTarget.class, "DEAD_LETTER_TARGET_", "target", target));
    }
    if (body.hasNonNull("by")) {
      action.setRequestedBy(text(body, "by"));
    }
    if (body.hasNonNull("note")) {
      action.setNote(text(body, "note"));
    }
    return action;
  }

  private static String text(ObjectNode body, String name) throws InvalidParameter {
    String text = body.get(name).asText();
    if (text.isBlank() || text.length() > MAX_TEXT) {
      throw new InvalidParameter(name, "1 to " + MAX_TEXT + " characters");
    }
    return text;
  }
}
