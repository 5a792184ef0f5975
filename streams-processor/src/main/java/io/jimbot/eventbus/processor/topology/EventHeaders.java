package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads the headers of an event's record. */
final class EventHeaders {

  private EventHeaders() {}

  /** The bytes of a header; null if it is absent. */
  static byte @Nullable [] bytes(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? null : header.value();
  }

  /** The text of a header; empty if it is absent. */
  static String text(Headers headers, String name) {
    byte[] value = bytes(headers, name);
    return value == null ? "" : new String(value, UTF_8);
  }
}
