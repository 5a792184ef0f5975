package io.jimbot.eventbus.processor.topology;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.Record;

/** How large a record is as Kafka counts it. */
final class RecordSize {

  /** A batch's own header, a record's lengths and times, and a header that is added on the way. */
  private static final int AROUND_A_RECORD = 400;

  /** The two lengths of a header. */
  private static final int AROUND_A_HEADER = 10;

  private RecordSize() {}

  /** Bytes that a batch of this record alone has at most, uncompressed. */
  static long upperBound(Record<byte[], byte[]> record) {
    long size = AROUND_A_RECORD + length(record.key()) + length(record.value());
    for (Header header : record.headers()) {
      // In UTF-8 a character of a name has three bytes at most.
      size += AROUND_A_HEADER + 3L * header.key().length() + length(header.value());
    }
    return size;
  }

  private static long length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
