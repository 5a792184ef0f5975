package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.delivery.EventFilter;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.delivery.TopicPattern;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a reader of server-sent events asks for. */
final class EventStreamRequest {

  private static final int MAX_VALUES = 100;

  private EventStreamRequest() {}

  /**
   * Reads the parameters {@code topics}, {@code types}, {@code sources} and {@code game_id} (each
   * may come several times, or with commas), {@code start}, {@code deduplicate}, and the header
   * {@code Last-Event-ID}, which browsers send when they connect again.
   *
   * @throws InvalidParameter if one of them makes no sense
   */
  static SubscriptionRequest read(HttpServletRequest request) throws InvalidParameter {
    List<TopicPattern> topics = new ArrayList<>();
    for (String pattern : values(request, "topics")) {
      try {
        topics.add(new TopicPattern(pattern));
      } catch (IllegalArgumentException e) {
        throw new InvalidParameter("topics", String.valueOf(e.getMessage()));
      }
    }
    EventFilter filter =
        new EventFilter(
            topics.isEmpty() ? List.of(new TopicPattern("**")) : topics,
            Set.copyOf(values(request, "types")),
            Set.copyOf(values(request, "sources")),
            Set.copyOf(values(request, "game_id")),
            Map.of());
    return new SubscriptionRequest(
        filter,
        start(request),
        new Sharing.Tail(),
        Boolean.parseBoolean(request.getParameter("deduplicate")));
  }

  private static List<String> values(HttpServletRequest request, String name)
      throws InvalidParameter {
    String[] given = request.getParameterValues(name);
    List<String> values = new ArrayList<>();
    for (String some : given == null ? new String[0] : given) {
      values.addAll(List.of(some.split(",")));
    }
    if (values.size() > MAX_VALUES) {
      throw new InvalidParameter(name, "at most " + MAX_VALUES + " values");
    }
    return values.stream().distinct().toList();
  }

  private static Start start(HttpServletRequest request) throws InvalidParameter {
    String last = request.getHeader("Last-Event-ID");
    if (last != null && !last.isEmpty()) {
      return resume("Last-Event-ID", last);
    }
    String start = request.getParameter("start");
    if (start == null || start.equals("now")) {
      return new Start.Now();
    }
    if (start.equals("earliest")) {
      return new Start.Earliest();
    }
    Instant time = timeOrNull(start);
    return time == null ? resume("start", start) : new Start.At(time);
  }

  private static Start resume(String name, String text) throws InvalidParameter {
    ResumeToken token = ResumeToken.read(text);
    if (token == null) {
      throw new InvalidParameter(
          name,
          "neither now, earliest, a time in ISO 8601 or milliseconds, nor the id of an event of this stream");
    }
    return new Start.Resume(token);
  }

  private static @Nullable Instant timeOrNull(String text) {
    try {
      return text.chars().allMatch(Character::isDigit)
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : Instant.parse(text);
    } catch (DateTimeParseException | NumberFormatException e) {
      return null;
    }
  }

  /** A parameter that makes no sense; the message names it. */
  static final class InvalidParameter extends Exception {
    private static final long serialVersionUID = 1;

    InvalidParameter(String name, String message) {
      super(name + ": " + message);
    }
  }
}
