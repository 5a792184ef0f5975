package io.jimbot.eventbus.service.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.time.Duration;

/**
 * Reads a duration with its unit: {@code 1500ms}, {@code 30s}, {@code 5m}, {@code 12h}, {@code 7d}.
 */
final class DurationText extends StdScalarDeserializer<Duration> {

  private static final long serialVersionUID = 1;

  DurationText() {
    super(Duration.class);
  }

  @Override
  public Duration deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    String text = parser.getText();
    try {
      return io.dropwizard.util.Duration.parse(text).toJavaDuration();
    } catch (IllegalArgumentException e) {
      return (Duration)
          context.handleWeirdStringValue(
              Duration.class, text, "write a number with its unit: 1500ms, 30s, 5m, 12h, 7d");
    }
  }
}
