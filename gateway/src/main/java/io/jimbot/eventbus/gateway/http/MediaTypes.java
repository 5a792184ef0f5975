package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.ingest.Submission.Kind;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the media types of request bodies mean. */
final class MediaTypes {

  private static final Set<String> JSON = Set.of("application/json", "text/json", "text/plain");
  private static final Set<String> LINES =
      Set.of(
          "application/x-ndjson",
          "application/ndjson",
          "application/jsonl",
          "application/x-jsonlines");
  private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii");

  private MediaTypes() {}

  /**
   * What a body of this type holds; null if the type is not taken here. No type at all, and {@code
   * text/plain}, which simple clients send without thinking, count as JSON.
   */
  static @Nullable Kind kind(@Nullable String contentType, boolean batch) {
    Kind json = batch ? Kind.BATCH : Kind.SINGLE;
    if (contentType == null || contentType.isBlank()) {
      return json;
    }
    String type = base(contentType);
    if (!utf8(contentType)) {
      return null;
    }
    if (JSON.contains(type)) {
      return json;
    }
    return batch && LINES.contains(type) ? Kind.LINES : null;
  }

  private static String base(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  private static boolean utf8(String contentType) {
    for (String parameter : contentType.split(";", -1)) {
      String text = parameter.strip().toLowerCase(Locale.ROOT);
      if (text.startsWith("charset=")) {
        return CHARSETS.contains(text.substring("charset=".length()).replace("\"", ""));
      }
    }
    return true;
  }
}
