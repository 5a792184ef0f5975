package io.jimbot.eventbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * Shows how far a replay is. On a terminal one line with a bar is written over; elsewhere each
 * change of state is a line. For one thread.
 */
final class ReplayBar {

  private static final int WIDTH = 30;

  private final PrintWriter out;
  private final boolean terminal = System.console() != null;
  private String shown = "";

  ReplayBar(PrintWriter out) {
    this.out = out;
  }

  void show(JsonNode replay) {
    if (terminal) {
      // To the beginning of the line, and what was there before is erased.
      out.print("\r\u001b[K" + bar(replay));
      out.flush();
      return;
    }
    String state = state(replay);
    if (!state.equals(shown)) {
      shown = state;
      out.println(bar(replay));
    }
  }

  void end(JsonNode replay) {
    if (terminal) {
      out.println();
    }
    String error = replay.path("error").asText("");
    if (!error.isEmpty()) {
      out.println(error);
    }
  }

  /** The bar, what is done, how fast, and how long it will take. */
  static String bar(JsonNode replay) {
    double done = replay.path("progress").asDouble();
    int full = (int) Math.round(done * WIDTH);
    StringBuilder text = new StringBuilder();
    text.append('[').append("#".repeat(full)).append(".".repeat(WIDTH - full)).append("] ");
    text.append(
        String.format(
            Locale.ROOT,
            "%5.1f%%  %s  %,d events",
            100 * done,
            state(replay),
            replay.path("events").asLong()));
    if (replay.has("events_per_second")) {
      text.append(
          String.format(Locale.ROOT, "  %,.0f/s", replay.path("events_per_second").asDouble()));
    }
    if (replay.has("time_left_ms")) {
      text.append("  ").append(words(Duration.ofMillis(replay.path("time_left_ms").asLong())));
      text.append(" left");
    }
    if (replay.has("deleted")) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %,d deleted by retention, %,d found again",
              replay.path("deleted").asLong(),
              replay.path("recovered").asLong()));
    }
    return text.toString();
  }

  /** One line of a list. */
  static String line(JsonNode replay) {
    return replay.path("id").asText() + "  " + bar(replay);
  }

  /** With what is wanted, if that is not done yet. */
  private static String state(JsonNode replay) {
    String wish = replay.path("wish").asText("");
    return replay.path("state").asText() + (wish.isEmpty() ? "" : " (" + wish + ")");
  }

  private static String words(Duration time) {
    return time.toHours() > 0
        ? time.toHours() + "h" + time.toMinutesPart() + "m"
        : time.toMinutes() > 0
            ? time.toMinutes() + "m" + time.toSecondsPart() + "s"
            : time.toSeconds() + "s";
  }
}
