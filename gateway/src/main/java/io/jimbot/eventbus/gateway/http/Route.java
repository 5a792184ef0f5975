package io.jimbot.eventbus.gateway.http;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What requests are counted under: a fixed list, so that no client can make new series. */
enum Route {
  EVENTS,
  EVENTS_BATCH,
  EVENTS_HEALTH,
  HEALTH,
  READY,
  METRICS,
  INDEX,
  OTHER;

  static final Set<String> SINGLE_PATHS = Set.of("/api/v1/events", "/events");
  static final Set<String> BATCH_PATHS = Set.of("/api/v1/events/batch", "/events/batch");

  /** Of the above, those whose other methods are served by a Jersey resource. */
  static final Set<String> SHARED_PATHS = Set.of();

  private static final Map<String, Route> BY_PATH =
      Map.of(
          "/api/v1/events", EVENTS,
          "/events", EVENTS,
          "/api/v1/events/batch", EVENTS_BATCH,
          "/events/batch", EVENTS_BATCH,
          "/api/v1/events/health", EVENTS_HEALTH,
          "/health", HEALTH,
          "/ready", READY,
          "/metrics", METRICS,
          "/", INDEX);

  private final String label = name().toLowerCase(Locale.ROOT);

  static Route of(String path) {
    return BY_PATH.getOrDefault(path, OTHER);
  }

  String label() {
    return label;
  }

  boolean carriesEvents() {
    return this == EVENTS || this == EVENTS_BATCH;
  }
}
