package io.jimbot.eventbus.gateway.grpc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code google.protobuf.Duration}. */
final class WireDuration {

  private static final long LONGEST_SECONDS = 315_576_000_000L;
  private static final int NANOS = 1_000_000_000;

  private WireDuration() {}

  /** The time; null if it is not a valid one or below zero. */
  static @Nullable Duration orNull(com.google.protobuf.Duration wire) {
    boolean valid =
        wire.getSeconds() >= 0
            && wire.getSeconds() <= LONGEST_SECONDS
            && wire.getNanos() >= 0
            && wire.getNanos() < NANOS;
    return valid ? Duration.ofSeconds(wire.getSeconds(), wire.getNanos()) : null;
  }
}
