package io.jimbot.eventbus.event.json;

import com.google.protobuf.WireFormat;

/**
 * Writes the Protobuf encoding (protobuf.dev/programming-guides/encoding) front to back.
 *
 * <p>The length of a nested message is known only behind it: one byte is kept free for it, and a
 * message of 128 bytes or more is moved up by what its length takes beyond that. Not thread-safe.
 */
final class WireWriter extends ByteSink {

  /** The most bytes that a varint takes. */
  private static final int LONGEST_VARINT = 10;

  void tag(int fieldNumber, int wireType) {
    varint(((long) fieldNumber << 3) | wireType);
  }

  void varint(long value) {
    reserve(LONGEST_VARINT);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      putReserved((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    putReserved((int) rest);
  }

  void int64(int fieldNumber, long value) {
    tag(fieldNumber, WireFormat.WIRETYPE_VARINT);
    varint(value);
  }

  void bool(int fieldNumber, boolean value) {
    tag(fieldNumber, WireFormat.WIRETYPE_VARINT);
    put(value ? 1 : 0);
  }

  void float64(int fieldNumber, double value) {
    tag(fieldNumber, WireFormat.WIRETYPE_FIXED64);
    putLittleEndian(Double.doubleToLongBits(value));
  }

  void bytes(int fieldNumber, byte[] source, int from, int to) {
    tag(fieldNumber, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    varint(to - from);
    put(source, from, to);
  }

  /**
   * Opens a nested message, string or bytes field of yet unknown length; returns the mark to close
   * it with.
   */
  int open(int fieldNumber) {
    tag(fieldNumber, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    put(0);
    return size();
  }

  /** Closes what {@link #open} opened. */
  void close(int mark) {
    int length = size() - mark;
    int more = 0;
    for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
      more++;
    }
    if (more > 0) {
      insert(mark, more);
    }
    int at = mark - 1;
    int rest = length;
    while (rest > 0x7F) {
      set(at++, (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    set(at, rest);
  }
}
