package io.jimbot.eventbus.service.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import io.dropwizard.util.DataSize;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a size with its unit: {@code 16KiB}, {@code 8MiB}, {@code 1GB}. An empty one, as an
 * environment variable may be, is absent.
 */
final class SizeText extends StdScalarDeserializer<DataSize> {

  private static final long serialVersionUID = 1;

  SizeText() {
    super(DataSize.class);
  }

  @Override
  public @Nullable DataSize deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    String text = parser.getText();
    if (text.isBlank()) {
      return null;
    }
    try {
      return DataSize.parse(text);
    } catch (IllegalArgumentException e) {
      return (DataSize)
          context.handleWeirdStringValue(
              DataSize.class, text, "write a number with its unit: 16KiB, 8MiB, 1GB");
    }
  }
}
