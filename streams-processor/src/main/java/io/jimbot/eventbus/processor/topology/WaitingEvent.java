package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record as it waits in the store: all of it, so that it goes on as it came. Immutable, as long
 * as nobody writes to the arrays.
 *
 * @param key its key, if it has one
 * @param value the event
 * @param headers its headers
 */
record WaitingEvent(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {

  private static final int ABSENT = -1;

  /** Length and bytes of key and value, then the headers' number, and each. */
  byte[] encode() {
    Header[] all = headers.toArray();
    int size = 3 * Integer.BYTES + length(key) + length(value);
    for (Header header : all) {
      size += 2 * Integer.BYTES + header.key().getBytes(UTF_8).length + length(header.value());
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    put(key, out);
    put(value, out);
    out.putInt(all.length);
    for (Header header : all) {
      put(header.key().getBytes(UTF_8), out);
      put(header.value(), out);
    }
    return out.array();
  }

  static WaitingEvent decode(byte[] encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded);
    byte[] key = take(in);
    byte[] value = take(in);
    RecordHeaders headers = new RecordHeaders();
    for (int left = in.getInt(); left > 0; left--) {
      byte[] name = take(in);
      headers.add(name == null ? "" : new String(name, UTF_8), take(in));
    }
    return new WaitingEvent(key, value, headers);
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static void put(byte @Nullable [] bytes, ByteBuffer out) {
    if (bytes == null) {
      out.putInt(ABSENT);
    } else {
      out.putInt(bytes.length).put(bytes);
    }
  }

  private static byte @Nullable [] take(ByteBuffer in) {
    int length = in.getInt();
    if (length == ABSENT) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
