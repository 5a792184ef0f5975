package io.jimbot.eventbus.gateway.replay;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayRequest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is posted to ask for a replay, an object in which every member may be absent:
 *
 * <ul>
 *   <li>{@code from}, {@code to}: events taken in from then on, and before then; ISO 8601 or
 *       milliseconds since 1970. All that is kept, until now
 *   <li>{@code topics}, {@code types}, {@code game_id}: a text, or a list of them. Any
 *   <li>{@code target}: {@code "topic"}, one of the replay's own, or {@code "group:NAME"}
 *   <li>{@code speed}: {@code "max"}, {@code "original"}, or a factor of the original timing
 *   <li>{@code rate}: at most so many events a second
 *   <li>{@code ttl}: how long the topic is kept after the end, {@code "24h"} or milliseconds
 * </ul>
 *
 * Immutable.
 */
public final class ReplayRequests {

  private static final Set<String> MEMBERS =
      Set.of("from", "to", "topics", "types", "game_id", "target", "speed", "rate", "ttl");
  private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9._-]{1,200}");
  private static final String GROUP_PREFIX = "group:";
  private static final int MAX_VALUES = 100;
  private static final int MAX_LENGTH = 256;
  private static final double MOST = 1_000_000_000;

  /** How far a caller's clock may be ahead. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final JsonMapper json =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final ReplaySettings settings;
  private final Clock clock;

  public ReplayRequests(ReplaySettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Reads a body; an empty one asks for everything.
   *
   * @throws ReplayFault if it makes no sense
   */
  public ReplayRequest.Builder read(byte[] body) throws ReplayFault {
    JsonNode node = parse(body);
    Set<String> surplus = new TreeSet<>();
    node.fieldNames().forEachRemaining(surplus::add);
    surplus.removeAll(MEMBERS);
    if (!surplus.isEmpty()) {
      throw ReplayFault.invalid(
          surplus.iterator().next(), "is not known here; known are " + new TreeSet<>(MEMBERS));
    }
    ReplayRequest.Builder request = ReplayRequest.newBuilder();
    span(node, request);
    topics(node, request);
    request.addAllEventTypes(texts("types", node.get("types")));
    request.addAllGameIds(texts("game_id", node.get("game_id")));
    target(node.get("target"), request);
    request.setSpeed(speed(node.get("speed")));
    request.setMaxRate(rate(node.get("rate")));
    return request.setTimeToLive(Times.duration(timeToLive(node.get("ttl"))));
  }

  private JsonNode parse(byte[] body) throws ReplayFault {
    if (body.length == 0) {
      return json.createObjectNode();
    }
    try {
      JsonNode node = json.readTree(body);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException e) {
      throw ReplayFault.malformed("the body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("reading an array cannot fail", e);
    }
    throw ReplayFault.malformed("the body must be a JSON object");
  }

  private void span(JsonNode node, ReplayRequest.Builder request) throws ReplayFault {
    Instant now = clock.instant();
    Instant from = time("from", node.get("from"));
    Instant asked = time("to", node.get("to"));
    Instant until = asked == null ? now : asked;
    if (until.isAfter(now.plus(SKEW))) {
      throw ReplayFault.invalid("to", "must not lie in the future: only the past can be replayed");
    }
    if (from != null && !from.isBefore(until)) {
      throw ReplayFault.invalid("from", "must lie before 'to', and before now");
    }
    if (from != null) {
      request.setFrom(Times.timestamp(from));
    }
    request.setUntil(Times.timestamp(until));
  }

  private static @Nullable Instant time(String path, @Nullable JsonNode node) throws ReplayFault {
    if (node == null || node.isNull()) {
      return null;
    }
    try {
      if (node.isTextual()) {
        return Instant.ofEpochMilli(Instant.parse(node.textValue()).toEpochMilli());
      }
      if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0) {
        return Instant.ofEpochMilli(Math.min(node.longValue(), 253_402_300_799_999L));
      }
    } catch (DateTimeParseException | ArithmeticException e) {
      throw noTime(path);
    }
    throw noTime(path);
  }

  private static ReplayFault noTime(String path) {
    return ReplayFault.invalid(
        path,
        "must be a time in ISO 8601, such as 2026-01-31T12:00:00Z, or milliseconds since 1970");
  }

  private static void topics(JsonNode node, ReplayRequest.Builder request) throws ReplayFault {
    List<String> topics = texts("topics", node.get("topics"));
    for (int i = 0; i < topics.size(); i++) {
      try {
        request.addTopics(new TopicPattern(topics.get(i)).text());
      } catch (IllegalArgumentException e) {
        throw ReplayFault.invalid("topics[" + i + "]", "is no pattern: " + e.getMessage());
      }
    }
    if (topics.isEmpty()) {
      request.addTopics("**");
    }
  }

  private static List<String> texts(String path, @Nullable JsonNode node) throws ReplayFault {
    List<String> texts = new ArrayList<>();
    if (node == null || node.isNull()) {
      return texts;
    }
    if (node.isArray() && node.size() <= MAX_VALUES) {
      for (int i = 0; i < node.size(); i++) {
        texts.add(text(path + '[' + i + ']', node.get(i)));
      }
    } else {
      texts.add(text(path, node));
    }
    return texts;
  }

  private static String text(String path, JsonNode node) throws ReplayFault {
    if (!node.isTextual() || node.textValue().isEmpty() || node.textValue().length() > MAX_LENGTH) {
      throw ReplayFault.invalid(
          path,
          "must be a text of 1 to "
              + MAX_LENGTH
              + " characters, or a list of at most "
              + MAX_VALUES);
    }
    return node.textValue();
  }

  private static void target(@Nullable JsonNode node, ReplayRequest.Builder request)
      throws ReplayFault {
    String text = node == null || node.isNull() ? "topic" : text("target", node);
    String group = text.startsWith(GROUP_PREFIX) ? text.substring(GROUP_PREFIX.length()) : "";
    if (text.equals("topic")) {
      request.setOwnTopic(true);
    } else if (GROUP.matcher(group).matches()) {
      request.setGroup(group);
    } else {
      throw ReplayFault.invalid(
          "target", "must be \"topic\", or \"group:NAME\" with 1 to 200 of A-Z a-z 0-9 . _ -");
    }
  }

  private static double speed(@Nullable JsonNode node) throws ReplayFault {
    if (node == null || node.isNull()) {
      return 0;
    }
    String word = node.isTextual() ? node.textValue() : "";
    if (word.equals("max") || word.equals("original")) {
      return word.equals("max") ? 0 : 1;
    }
    if (!isPositive(node)) {
      throw ReplayFault.invalid(
          "speed", "must be \"max\", \"original\", or a factor of the original timing above 0");
    }
    return node.doubleValue();
  }

  private static double rate(@Nullable JsonNode node) throws ReplayFault {
    if (node == null || node.isNull()) {
      return 0;
    }
    if (!isPositive(node)) {
      throw ReplayFault.invalid("rate", "must be a number of events a second above 0");
    }
    return node.doubleValue();
  }

  private static boolean isPositive(JsonNode node) {
    return node.isNumber() && node.doubleValue() >= 1 / MOST && node.doubleValue() <= MOST;
  }

  private Duration timeToLive(@Nullable JsonNode node) throws ReplayFault {
    if (node == null || node.isNull()) {
      return settings.timeToLive();
    }
    Duration asked = Duration.ZERO;
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      asked = Duration.ofMillis(node.longValue());
    } else if (node.isTextual()) {
      try {
        asked = io.dropwizard.util.Duration.parse(node.textValue()).toJavaDuration();
      } catch (IllegalArgumentException e) {
        throw noTimeToLive();
      }
    }
    if (asked.compareTo(Duration.ofSeconds(1)) < 0
        || asked.compareTo(settings.maxTimeToLive()) > 0) {
      throw noTimeToLive();
    }
    return asked;
  }

  private ReplayFault noTimeToLive() {
    return ReplayFault.invalid(
        "ttl",
        "must be a time such as 30m, 24h or 7d, or milliseconds: 1s to "
            + settings.maxTimeToLive().toSeconds()
            + "s");
  }
}
