package io.jimbot.eventbus.service.telemetry;

import java.util.Locale;
import java.util.Map;

/**
 * What is logged to standard output, and how.
 *
 * @param level the least level: TRACE, DEBUG, INFO, WARN, ERROR or OFF
 * @param format how a line looks
 * @param loggers levels of loggers by name, where they differ
 */
public record LoggingSettings(String level, Format format, Map<String, String> loggers) {

  /** How a line looks. */
  public enum Format {
    /** Text for a person. */
    PLAIN,
    /** One JSON object a line. */
    JSON
  }

  /** Checks the values. */
  public LoggingSettings {
    checkLevel("logging.level", level);
    if (format == null) {
      throw new IllegalArgumentException("logging.format must be plain or json");
    }
    loggers = loggers == null ? Map.of() : Map.copyOf(loggers);
    loggers.forEach((name, value) -> checkLevel("logging.loggers." + name, value));
  }

  private static void checkLevel(String name, String level) {
    if (level == null
        || !level.toUpperCase(Locale.ROOT).matches("TRACE|DEBUG|INFO|WARN|ERROR|OFF")) {
      throw new IllegalArgumentException(
          name + " must be TRACE, DEBUG, INFO, WARN, ERROR or OFF, is '" + level + "'");
    }
  }
}
