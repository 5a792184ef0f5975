package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A byte array that grows. Not thread-safe; meant to be used again and again. */
class ByteSink {
  private static final int KEPT_BETWEEN_USES = 1 << 20;
  private static final int SMALLEST = 512;
  private static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[SMALLEST];
  private int size;

  final byte[] bytes() {
    return bytes;
  }

  final int size() {
    return size;
  }

  /** Forgets what was written, and gives back the memory of an unusually large use. */
  final void clear() {
    size = 0;
    if (bytes.length > KEPT_BETWEEN_USES) {
      bytes = new byte[SMALLEST];
    }
  }

  /** Takes back all that was written after the sink had {@code earlierSize}. */
  final void truncate(int earlierSize) {
    size = earlierSize;
  }

  final void put(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** Appends without looking for room; only behind a {@link #reserve} that counted it. */
  final void putReserved(int value) {
    bytes[size++] = (byte) value;
  }

  /** Appends eight bytes, the least significant first. */
  final void putLittleEndian(long value) {
    reserve(Long.BYTES);
    LITTLE_ENDIAN.set(bytes, size, value);
    size += Long.BYTES;
  }

  final void put(byte[] source, int from, int to) {
    int length = to - from;
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  final void putAscii(String text) {
    byte[] ascii = text.getBytes(ISO_8859_1);
    put(ascii, 0, ascii.length);
  }

  /** Makes room for {@code count} more bytes at {@code at}, moving what lies behind. */
  final void insert(int at, int count) {
    reserve(count);
    System.arraycopy(bytes, at, bytes, at + count, size - at);
    size += count;
  }

  final void set(int at, int value) {
    bytes[at] = (byte) value;
  }

  final byte[] copy(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /** Makes sure that so many more bytes find room. */
  final void reserve(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }
}
