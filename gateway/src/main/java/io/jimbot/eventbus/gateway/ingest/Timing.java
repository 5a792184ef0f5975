package io.jimbot.eventbus.gateway.ingest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When subscribers are to get events, as {@link TimingRules} have found it good. Immutable.
 *
 * @param deliverAt not before; null for at once
 * @param expiresAt not from then on; null for as long as they are kept
 */
public record Timing(@Nullable Instant deliverAt, @Nullable Instant expiresAt) {

  /** At once, for as long as they are kept. */
  public static final Timing USUAL = new Timing(null, null);
}
