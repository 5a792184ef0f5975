package io.jimbot.eventbus.gateway.delivery;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A place in the log: for each partition the offset of the next event. Says all that any gateway
 * needs to go on from there. Immutable.
 *
 * <p>Format, version 1: the byte 1; a check of the log's name, 4 bytes (its {@code hashCode},
 * little endian); the number of partitions and then each next offset, as varints.
 */
public final class ResumeToken {

  private static final int VERSION = 1;

  /** A token with more partitions is not one of ours. */
  private static final int MAX_PARTITIONS = 10_000;

  private final int log;
  private final long[] next;

  private ResumeToken(int log, long[] next) {
    this.log = log;
    this.next = next;
  }

  /**
   * A place.
   *
   * @param log the Kafka topic that holds the log
   * @param next the offset of the next event of each partition, from 0; copied
   */
  public static ResumeToken of(String log, long[] next) {
    return new ResumeToken(log.hashCode(), next.clone());
  }

  /** Reads what {@link #toBytes} wrote; null if the bytes are no token. */
  public static @Nullable ResumeToken read(byte[] bytes) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      if (in.readRawByte() != VERSION) {
        return null;
      }
      int log = in.readFixed32();
      int partitions = in.readRawVarint32();
      if (partitions < 0 || partitions > MAX_PARTITIONS) {
        return null;
      }
      long[] next = new long[partitions];
      for (int i = 0; i < partitions; i++) {
        next[i] = in.readRawVarint64();
        if (next[i] < 0) {
          return null;
        }
      }
      return in.isAtEnd() ? new ResumeToken(log, next) : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Reads what {@link #toText} wrote; null if the text is no token. */
  public static @Nullable ResumeToken read(String text) {
    try {
      return read(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether it is of this log. */
  public boolean isOf(String topic) {
    return log == topic.hashCode();
  }

  /** How many partitions it knows; later ones begin at their first event. */
  public int partitions() {
    return next.length;
  }

  /** The offset of the next event of a partition; 0 for one that it does not know. */
  public long next(int partition) {
    return partition < next.length ? next[partition] : 0;
  }

  /** For gRPC. */
  public byte[] toBytes() {
    int size = 1 + Integer.BYTES + CodedOutputStream.computeUInt32SizeNoTag(next.length);
    for (long offset : next) {
      size += CodedOutputStream.computeUInt64SizeNoTag(offset);
    }
    byte[] bytes = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeRawByte(VERSION);
      out.writeFixed32NoTag(log);
      out.writeUInt32NoTag(next.length);
      for (long offset : next) {
        out.writeUInt64NoTag(offset);
      }
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the computed size was too small", e);
    }
    return bytes;
  }

  /** For HTTP: URL-safe base 64 without padding. */
  public String toText() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(toBytes());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResumeToken token
        && token.log == log
        && Arrays.equals(token.next, next);
  }

  @Override
  public int hashCode() {
    return 31 * log + Arrays.hashCode(next);
  }

  @Override
  public String toString() {
    return toText();
  }
}
