package io.jimbot.eventbus.gateway.delivery.group;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What is stored beside a committed offset, in the metadata that Kafka keeps with it: which events
 * beyond the offset are settled already, and how often others have failed. Immutable.
 *
 * <p>Format, version 1: the text {@code 1:} and in URL-safe base 64 a number of varints: how many
 * settled ranges, for each its distance from the end of the last one (or from the offset) and its
 * length; then for each event that has failed its distance from the last one and how often. What
 * does not fit is left out from the far end: it is delivered again, or tried more often.
 *
 * @param settled ranges beyond the offset: first offset to the one behind the last
 * @param failures how often events have failed, by offset
 */
record CommitNote(NavigableMap<Long, Long> settled, NavigableMap<Long, Integer> failures) {

  /** Brokers take 4,096 bytes unless told otherwise (offset.metadata.max.bytes). */
  static final int MAX_LENGTH = 3_500;

  static final CommitNote EMPTY = new CommitNote(new TreeMap<>(), new TreeMap<>());

  private static final String VERSION = "1:";

  /** A varint of 64 bits has up to 10 bytes; base 64 makes 4 of 3. */
  private static final int MAX_BYTES = (MAX_LENGTH - VERSION.length() - 4) / 4 * 3;

  private static final int MAX_PAIR = 20;
  private static final int FAILURES_BYTES = MAX_BYTES / 4;

  /** Whether the event is settled. */
  boolean isSettled(long offset) {
    Map.Entry<Long, Long> range = settled.floorEntry(offset);
    return range != null && offset < range.getValue();
  }

  /** How often the event has failed. */
  int failures(long offset) {
    return failures.getOrDefault(offset, 0);
  }

  /**
   * The note of whoever goes on from this one.
   *
   * @param open what is not settled, in the order of the log
   * @param readTo what is beyond here is known only from this note
   */
  CommitNote after(Collection<Lease> open, long readTo) {
    NavigableMap<Long, Long> settledNow = new TreeMap<>();
    NavigableMap<Long, Integer> failuresNow = new TreeMap<>();
    long next = Long.MAX_VALUE;
    for (Lease lease : open) {
      long offset = lease.event.offset();
      if (offset > next) {
        settledNow.put(next, offset);
      }
      next = offset + 1;
      if (lease.failures > 0) {
        failuresNow.put(offset, lease.failures);
      }
    }
    if (readTo > next) {
      settledNow.put(next, readTo);
    }
    Map.Entry<Long, Long> reached = settled.lowerEntry(readTo);
    if (reached != null && reached.getValue() > readTo) {
      settledNow.put(readTo, reached.getValue());
    }
    settledNow.putAll(settled.tailMap(readTo, true));
    failuresNow.putAll(failures.tailMap(readTo, true));
    return new CommitNote(settledNow, failuresNow);
  }

  /** For Kafka, beside an offset; empty if there is nothing to note. */
  String write(long offset) {
    if (settled.isEmpty() && failures.isEmpty()) {
      return "";
    }
    try {
      ByteArrayOutputStream failed = new ByteArrayOutputStream();
      writePairs(failures, offset, FAILURES_BYTES, failed);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      writeRanges(offset, MAX_BYTES - failed.size() - MAX_PAIR, all);
      failed.writeTo(all);
      return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(all.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("an array took no more bytes", e);
    }
  }

  private void writeRanges(long offset, int most, ByteArrayOutputStream target) throws IOException {
    ByteArrayOutputStream ranges = new ByteArrayOutputStream();
    long last = offset;
    int count = 0;
    for (Map.Entry<Long, Long> range : settled.entrySet()) {
      if (ranges.size() + MAX_PAIR > most) {
        break;
      }
      writePair(range.getKey() - last, range.getValue() - range.getKey(), ranges);
      last = range.getValue();
      count++;
    }
    writeVarint(count, target);
    ranges.writeTo(target);
  }

  private static void writePairs(
      NavigableMap<Long, Integer> pairs, long offset, int most, ByteArrayOutputStream target)
      throws IOException {
    long last = offset;
    for (Map.Entry<Long, Integer> pair : pairs.entrySet()) {
      if (target.size() + MAX_PAIR > most) {
        break;
      }
      writePair(pair.getKey() - last, pair.getValue(), target);
      last = pair.getKey();
    }
  }

  private static void writePair(long first, long second, ByteArrayOutputStream target)
      throws IOException {
    writeVarint(first, target);
    writeVarint(second, target);
  }

  private static void writeVarint(long value, ByteArrayOutputStream target) throws IOException {
    CodedOutputStream out = CodedOutputStream.newInstance(target, 16);
    out.writeUInt64NoTag(value);
    out.flush();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @return an empty note if the text is none: somebody else committed there
   */
  static CommitNote read(String text, long offset) {
    if (!text.startsWith(VERSION)) {
      return EMPTY;
    }
    try {
      CodedInputStream in =
          CodedInputStream.newInstance(
              Base64.getUrlDecoder().decode(text.substring(VERSION.length())));
      NavigableMap<Long, Long> settled = new TreeMap<>();
      long last = offset;
      for (long left = in.readRawVarint64(); left > 0; left--) {
        long from = last + positive(in);
        last = from + positive(in);
        settled.put(from, last);
      }
      NavigableMap<Long, Integer> failures = new TreeMap<>();
      last = offset;
      while (!in.isAtEnd()) {
        last += positive(in);
        failures.put(last, (int) Math.min(Integer.MAX_VALUE, positive(in)));
      }
      return new CommitNote(settled, failures);
    } catch (IOException | IllegalArgumentException e) {
      return EMPTY;
    }
  }

  private static long positive(CodedInputStream in) throws IOException {
    long value = in.readRawVarint64();
    if (value < 0 || value > Long.MAX_VALUE / 4) {
      throw new IOException("no distance: " + value);
    }
    return value;
  }
}
