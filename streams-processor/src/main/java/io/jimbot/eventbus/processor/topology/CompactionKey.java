package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.HeaderNames;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The key of a record in a class topic that is compacted: the event's type, a slash, and its
 * ordering key, so that the newest event of each type stays and not of all types together. The
 * ordering key stands in a header as well, for whoever reads the event later.
 */
final class CompactionKey {

  private static final byte SLASH = '/';

  private CompactionKey() {}

  /** The same event under that key. */
  static Record<byte[], byte[]> keyed(Record<byte[], byte[]> record, String type, byte[] order) {
    byte[] name = type.getBytes(UTF_8);
    byte[] key =
        ByteBuffer.allocate(name.length + 1 + order.length).put(name).put(SLASH).put(order).array();
    RecordHeaders headers = new RecordHeaders(record.headers());
    headers.add(HeaderNames.ORDERING_KEY, order);
    return record.withKey(key).withHeaders(headers);
  }
}
