package io.jimbot.eventbus.gateway.http;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What requests are counted under: a fixed list, so that no client can make new series. */
enum Route {
  EVENTS,
  EVENTS_BATCH,
  EVENTS_HEALTH,
  EVENTS_STREAM,
  COMMANDS,
  COMMANDS_POLL,
  HEALTH,
  READY,
  METRICS,
  INDEX,
  OTHER;

  static final Set<String> SINGLE_PATHS = Set.of("/api/v1/events", "/events");

  /** Posts go to the ingest, gets to the history. */
  static final String HISTORY_PATH = "/api/v1/events";

  static final Set<String> BATCH_PATHS = Set.of("/api/v1/events/batch", "/events/batch");

  private static final Map<String, Route> BY_PATH =
      Map.ofEntries(
          Map.entry("/api/v1/events", EVENTS),
          Map.entry("/events", EVENTS),
          Map.entry("/api/v1/events/batch", EVENTS_BATCH),
          Map.entry("/events/batch", EVENTS_BATCH),
          Map.entry("/api/v1/events/health", EVENTS_HEALTH),
          Map.entry(EventStreamServlet.PATH, EVENTS_STREAM),
          Map.entry("/api/v1/commands", COMMANDS),
          Map.entry("/api/v1/commands/poll", COMMANDS_POLL),
          Map.entry("/health", HEALTH),
          Map.entry("/ready", READY),
          Map.entry("/metrics", METRICS),
          Map.entry("/", INDEX));

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
