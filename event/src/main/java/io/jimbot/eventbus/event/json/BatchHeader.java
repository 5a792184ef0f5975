package io.jimbot.eventbus.event.json;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of a batch beside its events, as far as they are read. Not thread-safe. */
final class BatchHeader {
  private static final Set<String> TEXTS = Set.of("batch_id", "source", "game_id", "session_id");

  private final Map<String, String> texts = new HashMap<>();

  void clear() {
    texts.clear();
  }

  /** Whether a member of that name says something about the batch that it has said before. */
  boolean has(String name) {
    return texts.containsKey(name);
  }

  /**
   * Moves past the value of a member, and keeps it if it says something about the batch. Each event
   * gets a copy of it, so it must not be long.
   */
  void read(@Nullable String name, JsonCursor in, int maxDepth) {
    if (name == null || !TEXTS.contains(name) || in.peek() != '"') {
      in.skipValue(maxDepth);
      return;
    }
    int start = in.position();
    in.readString();
    String text =
        JsonUnescaper.text(in.bytes(), in.stringFrom(), in.stringTo(), in.stringEscaped());
    if (text != null && text.length() > EnvelopeDecoder.MAX_NAME) {
      throw EnvelopeDecoder.tooLong(name, start, name);
    }
    if (text != null) {
      texts.put(name, text);
    }
  }

  BatchContext context() {
    return new BatchContext(
        texts.get("batch_id"), texts.get("source"), texts.get("game_id"), texts.get("session_id"));
  }
}
