package io.jimbot.eventbus.service.deadletter;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Times as Protobuf has them. */
public final class WireTime {

  private WireTime() {}

  /** A moment, to be stored. */
  public static Timestamp of(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  /** A moment that was stored. */
  public static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
