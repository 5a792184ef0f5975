package io.jimbot.eventbus.event.json;

import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.TimestampForm;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the time of an event in every form that producers use.
 *
 * <p>A number says its unit by its magnitude: below 10^9 it can only be milliseconds since a
 * process started (the mod's {@code love.timer}, up to eleven days), below 10^11 it is seconds
 * since 1970, below 10^14 milliseconds, below 10^17 microseconds, above that nanoseconds; each
 * range holds the years 2001 to 5138. A string is ISO 8601; without an offset it is taken as UTC.
 */
final class TimestampReader {
  private static final long LEAST_SECONDS = 1_000_000_000L;
  private static final long LEAST_MILLIS = 100_000_000_000L;
  private static final long LEAST_MICROS = 100_000_000_000_000L;
  private static final long LEAST_NANOS = 100_000_000_000_000_000L;
  private static final int LONGEST_NUMBER = 40;
  private static final int LONGEST_TEXT = 64;

  /** The bounds of google.protobuf.Timestamp: the years 1 to 9999. */
  private static final long LEAST_SECOND = -62_135_596_800L;

  private static final long LAST_SECOND = 253_402_300_799L;

  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

  private TimestampReader() {}

  /**
   * Reads the value at the cursor into the event's time, or not at all.
   *
   * @return the form that it came in, or null, with the cursor before the value, if it is no time
   *     or cannot be given back exactly
   */
  static @Nullable TimestampForm readNumber(JsonCursor in, WireWriter out) {
    int start = in.position();
    TimestampForm form = number(in.readNumber(), out);
    if (form == null) {
      in.moveTo(start);
    }
    return form;
  }

  private static @Nullable TimestampForm number(JsonNumber number, WireWriter out) {
    double value = number.doubleValue();
    if (!(value >= LEAST_SECONDS) || Double.isInfinite(value)) {
      if (!number.isExactly(value)) {
        return null;
      }
      out.float64(Event.MONOTONIC_MS_FIELD_NUMBER, value);
      return TimestampForm.TIMESTAMP_FORM_MONOTONIC_MILLIS;
    }
    TimestampForm form = unit(number.isLong() ? number.longValue() : (long) value);
    if (number.isLong()) {
      long perSecond = perSecond(form);
      long seconds = Math.floorDiv(number.longValue(), perSecond);
      int nanos =
          (int) (Math.floorMod(number.longValue(), perSecond) * (1_000_000_000L / perSecond));
      return writeInRange(out, seconds, nanos) ? form : null;
    }
    return number.to() - number.from() <= LONGEST_NUMBER
            && decimal(new BigDecimal(number.text()), form, out)
        ? form
        : null;
  }

  private static TimestampForm unit(long value) {
    return value < LEAST_MILLIS
        ? TimestampForm.TIMESTAMP_FORM_EPOCH_SECONDS
        : value < LEAST_MICROS
            ? TimestampForm.TIMESTAMP_FORM_EPOCH_MILLIS
            : value < LEAST_NANOS
                ? TimestampForm.TIMESTAMP_FORM_EPOCH_MICROS
                : TimestampForm.TIMESTAMP_FORM_EPOCH_NANOS;
  }

  /** How many of a form's units make a second. */
  static long perSecond(TimestampForm form) {
    return switch (form) {
      case TIMESTAMP_FORM_EPOCH_SECONDS -> 1;
      case TIMESTAMP_FORM_EPOCH_MILLIS -> 1_000;
      case TIMESTAMP_FORM_EPOCH_MICROS -> 1_000_000;
      case TIMESTAMP_FORM_EPOCH_NANOS -> 1_000_000_000;
      case TIMESTAMP_FORM_UNSPECIFIED,
          TIMESTAMP_FORM_ISO_8601,
          TIMESTAMP_FORM_MONOTONIC_MILLIS,
          UNRECOGNIZED ->
          throw new IllegalArgumentException(form + " does not count units of the epoch");
    };
  }

  private static boolean decimal(BigDecimal value, TimestampForm form, WireWriter out) {
    BigDecimal nanos = value.multiply(BigDecimal.valueOf(1_000_000_000L / perSecond(form)));
    if (nanos.precision() - nanos.scale() > LONGEST_NUMBER
        || nanos.stripTrailingZeros().scale() > 0) {
      return false;
    }
    BigInteger[] parts = nanos.toBigIntegerExact().divideAndRemainder(NANOS_PER_SECOND);
    return parts[0].bitLength() < 63
        && writeInRange(out, parts[0].longValue(), parts[1].intValue());
  }

  /**
   * Reads a time in ISO 8601 into the event's time.
   *
   * @return the moment, or null if it is none
   */
  static @Nullable Instant readText(String text, WireWriter out) {
    if (text.length() > LONGEST_TEXT) {
      return null;
    }
    Instant moment;
    try {
      TemporalAccessor parsed =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text, OffsetDateTime::from, LocalDateTime::from);
      moment =
          parsed instanceof OffsetDateTime withOffset
              ? withOffset.toInstant()
              : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException notATime) {
      return null;
    }
    return writeInRange(out, moment.getEpochSecond(), moment.getNano()) ? moment : null;
  }

  private static boolean writeInRange(WireWriter out, long seconds, int nanos) {
    boolean inRange = seconds >= LEAST_SECOND && seconds <= LAST_SECOND;
    if (inRange) {
      write(out, Event.TIMESTAMP_FIELD_NUMBER, seconds, nanos);
    }
    return inRange;
  }

  /** Writes a google.protobuf.Timestamp. */
  static void write(WireWriter out, int fieldNumber, long seconds, int nanos) {
    int mark = out.open(fieldNumber);
    if (seconds != 0) {
      out.int64(com.google.protobuf.Timestamp.SECONDS_FIELD_NUMBER, seconds);
    }
    if (nanos != 0) {
      out.int64(com.google.protobuf.Timestamp.NANOS_FIELD_NUMBER, nanos);
    }
    out.close(mark);
  }
}
