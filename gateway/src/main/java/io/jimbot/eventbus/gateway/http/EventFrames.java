package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.gateway.delivery.Renditions;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Events as server-sent events, each encoded once for all streams that get it. Thread-safe. */
final class EventFrames {

  private static final byte[] BEFORE = "data: ".getBytes(UTF_8);
  private static final byte[] BEHIND = "\n\n".getBytes(UTF_8);
  private static final byte[] NOTHING = {};

  private final Renditions<byte[]> frames;

  /**
   * None yet.
   *
   * @param json encodes the events
   */
  EventFrames(DeliveredJson json) {
    this.frames = new Renditions<>(event -> frame(json.of(event)), frame -> frame.length);
  }

  /**
   * The event with all that stands around it, not to be changed; empty if the record holds none.
   */
  byte[] of(StoredEvent event) {
    return frames.of(event);
  }

  private static byte[] frame(byte @Nullable [] json) {
    return json == null
        ? NOTHING
        : ByteBuffer.allocate(BEFORE.length + json.length + BEHIND.length)
            .put(BEFORE)
            .put(json)
            .put(BEHIND)
            .array();
  }
}
