package io.jimbot.eventbus.service.deadletter;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Times as Protobuf has them. */
public final class WireTime {

  /** What Protobuf's times reach from and to. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private WireTime() {}

  /** A moment, to be stored. */
  public static Timestamp of(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  /**
   * A moment that was stored. Anybody may have stored anything: what is beyond the years 1 to 9999
   * is taken for the nearest moment that is not.
   */
  public static Instant instant(Timestamp time) {
    if (time.getSeconds() < FIRST.getEpochSecond()) {
      return FIRST;
    }
    if (time.getSeconds() > LAST.getEpochSecond()) {
      return LAST;
    }
    int nanos = Math.max(0, Math.min(time.getNanos(), LAST.getNano()));
    return Instant.ofEpochSecond(time.getSeconds(), nanos);
  }
}
