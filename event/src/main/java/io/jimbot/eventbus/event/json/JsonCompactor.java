package io.jimbot.eventbus.event.json;

import org.jspecify.annotations.Nullable;

/**
 * Makes one JSON value that came as a part of an event compact, by the rules for events that come
 * as JSON: the same limits, the same leniency. Thread-safe.
 */
public final class JsonCompactor {

  private final DecodeLimits limits;

  /** Holds values to the limits of events that come as JSON. */
  public JsonCompactor(DecodeLimits limits) {
    this.limits = limits;
  }

  /**
   * A compact value, or why there is none.
   *
   * @param json RFC 8259 text without spaces; null if there is a fault
   * @param fault what is wrong, for a person
   */
  public record Compacted(byte @Nullable [] json, @Nullable String fault) {}

  /** Makes a value compact. */
  public Compacted compact(byte[] json) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(json, 0, json.length, limits.maxKeyBytes());
    try {
      ByteSink out = new ByteSink();
      JsonCopier.copyValue(cursor, limits.maxDepth(), out);
      return cursor.atEnd()
          ? new Compacted(out.copy(0, out.size()), null)
          : new Compacted(null, "something follows the value at byte " + cursor.position());
    } catch (EventFault fault) {
      return new Compacted(null, fault.text() + " at byte " + fault.position());
    }
  }
}
