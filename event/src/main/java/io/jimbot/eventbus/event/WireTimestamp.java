package io.jimbot.eventbus.event;

import com.google.protobuf.Timestamp;
import java.math.BigDecimal;
import java.time.Instant;

/** Times as Protobuf writes them, which holds more than a time may be. */
public final class WireTimestamp {

  /** 0001-01-01T00:00:00Z, as timestamp.proto has it. */
  private static final long FIRST_SECOND = -62_135_596_800L;

  /** 9999-12-31T23:59:59Z. */
  private static final long LAST_SECOND = 253_402_300_799L;

  private static final int NANOS = 1_000_000_000;

  private WireTimestamp() {}

  /** Whether it is within what Protobuf allows: the years 1 to 9999, nanoseconds below a second. */
  public static boolean isValid(Timestamp time) {
    return time.getSeconds() >= FIRST_SECOND
        && time.getSeconds() <= LAST_SECOND
        && time.getNanos() >= 0
        && time.getNanos() < NANOS;
  }

  /** In ISO 8601; one that is not valid as its number of seconds, so that nothing hides it. */
  public static String toText(Timestamp time) {
    return isValid(time)
        ? Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString()
        : BigDecimal.valueOf(time.getSeconds())
            .add(BigDecimal.valueOf(time.getNanos(), 9))
            .toPlainString();
  }
}
