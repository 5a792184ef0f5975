package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.TopicPattern;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that say which events are wanted: {@code topic}, {@code type}, {@code source}
 * (also in the plural) and {@code game_id}. Each may come several times, or with commas.
 */
final class FilterParameters {

  private static final int MAX_VALUES = 100;

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
        Set.copyOf(values(request, "type", "types")),
        Set.copyOf(values(request, "source", "sources")),
        Set.copyOf(values(request, "game_id", "game_ids")),
        Map.of());
  }

  private static List<String> values(HttpServletRequest request, String... names)
      throws InvalidParameter {
    List<String> values = new ArrayList<>();
    for (String name : names) {
      String[] given = request.getParameterValues(name);
      for (String some : given == null ? new String[0] : given) {
        values.addAll(List.of(some.split(",")));
      }
    }
    if (values.size() > MAX_VALUES) {
      throw new InvalidParameter(names[0], "at most " + MAX_VALUES + " values");
    }
    return values.stream().distinct().toList();
  }

  /** A time in ISO 8601 or milliseconds since 1970; null if the text is neither. */
  static @Nullable Instant timeOrNull(String text) {
    try {
      return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : Instant.parse(text);
    } catch (DateTimeParseException | NumberFormatException e) {
      return null;
    }
  }
}
