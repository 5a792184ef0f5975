package io.jimbot.eventbus.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * The Confluent wire format of Protobuf values: a zero byte, the schema's id in four bytes, the
 * largest first, the message's {@link MessageIndexes}, then the message. The indexes are their
 * number and each of them, as zigzag varints; those of the first message of a file are the one byte
 * 0.
 */
public final class ConfluentFrame {

  private static final byte MAGIC = 0;
  private static final int INDEXES_AT = 1 + Integer.BYTES;

  private ConfluentFrame() {}

  /** All that stands before the message. */
  static byte[] prefix(int schemaId, MessageIndexes indexes) {
    ByteArrayOutputStream prefix = new ByteArrayOutputStream();
    prefix.write(MAGIC);
    prefix.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(schemaId).array());
    if (indexes.isFirst()) {
      prefix.write(0);
    } else {
      writeVarint(indexes.path().size(), prefix);
      indexes.path().forEach(index -> writeVarint(index, prefix));
    }
    return prefix.toByteArray();
  }

  private static void writeVarint(int value, ByteArrayOutputStream out) {
    int rest = (value << 1) ^ (value >> 31);
    while ((rest & ~0x7f) != 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  /**
   * Whether a value is in this format, rather than plain Protobuf: no Protobuf message begins with
   * a zero byte, for there is no field 0.
   */
  public static boolean isFramed(byte[] value) {
    return value.length > 0 && value[0] == MAGIC;
  }

  /** Where the message begins: 0 in a plain value, -1 if the frame is broken. Allocates nothing. */
  public static int messageStart(byte[] value) {
    if (!isFramed(value)) {
      return 0;
    }
    int at = varintEnd(value, INDEXES_AT);
    int indexes = at < 0 ? -1 : readVarint(value, INDEXES_AT, at);
    for (; indexes > 0 && at >= 0; indexes--) {
      at = varintEnd(value, at);
    }
    return indexes < 0 ? -1 : at;
  }

  /** Behind the last byte of a varint; -1 if the value ends before. */
  private static int varintEnd(byte[] value, int start) {
    for (int at = start; at < value.length; at++) {
      if (value[at] >= 0) {
        return at + 1;
      }
    }
    return -1;
  }

  private static int readVarint(byte[] value, int start, int end) {
    int raw = 0;
    for (int at = end - 1; at >= start; at--) {
      raw = (raw << 7) | (value[at] & 0x7f);
    }
    return (raw >>> 1) ^ -(raw & 1);
  }

  /**
   * The message of a value in either form, without copying it.
   *
   * @throws InvalidProtocolBufferException if the frame is broken
   */
  public static ByteString message(byte[] value) throws InvalidProtocolBufferException {
    int start = messageStart(value);
    if (start < 0) {
      throw new InvalidProtocolBufferException("the frame before the message is broken");
    }
    return UnsafeByteOperations.unsafeWrap(value, start, value.length - start);
  }
}
