package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.TopicPattern;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that say which events are wanted: {@code topic}, {@code type}, {@code source}
 * (also in the plural) and {@code game_id}. Each may come several times, or with commas.
 */
final class FilterParameters {

  private static final int MAX_VALUES = 100;
  private static final Pattern LIMIT = Pattern.compile("0{0,8}[1-9]\\d{0,7}");

  /** What has four digits for its year, as ISO 8601 is read everywhere. */
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private FilterParameters() {}

  static EventFilter read(HttpServletRequest request) throws InvalidParameter {
    List<TopicPattern> topics = new ArrayList<>();
    for (String pattern : values(request, "topic", "topics")) {
      try {
        topics.add(new TopicPattern(pattern));
      } catch (IllegalArgumentException e) {
        throw new InvalidParameter("topic", String.valueOf(e.getMessage()));
      }
    }
    return new EventFilter(
        topics.isEmpty() ? List.of(new TopicPattern("**")) : topics,
        types(values(request, "type", "types")),
        Set.copyOf(values(request, "source", "sources")),
        Set.copyOf(values(request, "game_id", "game_ids")),
        Map.of());
  }

  private static Set<String> types(List<String> given) throws InvalidParameter {
    Set<String> types = new HashSet<>();
    for (String name : given) {
      String type = EventType.canonical(name);
      if (type == null) {
        throw new InvalidParameter("type", "'" + name + "' is no event type");
      }
      types.add(type);
    }
    return Set.copyOf(types);
  }

  private static List<String> values(HttpServletRequest request, String... names)
      throws InvalidParameter {
    List<String> values = new ArrayList<>();
    for (String name : names) {
      String[] given = request.getParameterValues(name);
      for (String some : given == null ? new String[0] : given) {
        values.addAll(List.of(some.split(",", -1)));
      }
    }
    if (values.contains("")) {
      throw new InvalidParameter(names[0], "an empty value stands for nothing: leave it out");
    }
    if (values.size() > MAX_VALUES) {
      throw new InvalidParameter(names[0], "at most " + MAX_VALUES + " values");
    }
    return values.stream().distinct().toList();
  }

  /** True or false, and false if it is absent. */
  static boolean flag(HttpServletRequest request, String name) throws InvalidParameter {
    String text = request.getParameter(name);
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw new InvalidParameter(name, "true or false");
    }
    return Boolean.parseBoolean(text);
  }

  /**
   * How many are wanted.
   *
   * @param usual how many if the request does not say it
   */
  static int limit(@Nullable String text, int usual, int most) throws InvalidParameter {
    return number("limit", text, usual, most);
  }

  /** The same by the name of its parameter. */
  static int number(HttpServletRequest request, String name, int usual, int most)
      throws InvalidParameter {
    return number(name, request.getParameter(name), usual, most);
  }

  private static int number(String name, @Nullable String text, int usual, int most)
      throws InvalidParameter {
    if (text == null) {
      return usual;
    }
    if (!LIMIT.matcher(text).matches() || Integer.parseInt(text) > most) {
      throw new InvalidParameter(name, "a number from 1 to " + most);
    }
    return Integer.parseInt(text);
  }

  /** A time in ISO 8601 or milliseconds since 1970; null if the text is neither. */
  static @Nullable Instant timeOrNull(String text) {
    try {
      Instant time =
          !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')
              ? Instant.ofEpochMilli(Long.parseLong(text))
              : Instant.parse(text);
      return time.isBefore(FIRST) || time.isAfter(LAST) ? null : time;
    } catch (DateTimeParseException | NumberFormatException e) {
      return null;
    }
  }
}
