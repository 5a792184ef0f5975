package io.jimbot.eventbus.service.deadletter;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.events.v1.DeadLetter;
import java.util.Set;

/**
 * Which dead letters come again by themselves: those whose reason may pass. The rest would fail in
 * the same way again, or was refused on purpose, and waits for a person.
 */
public final class Retryable {

  /** A subscriber or its world may be well again later; so may a topology's. */
  private static final Set<String> REASONS =
      Set.of("attempts_exhausted", "processing_failed", "production_failed");

  private static final int MAX_DIGITS = 9;

  private Retryable() {}

  /** Whether trying again later may help. */
  public static boolean isRetryable(String reason) {
    return REASONS.contains(reason);
  }

  /** How often the event had come again from the dead letters when this one was made. */
  public static int redriveCount(DeadLetter letter) {
    String count =
        letter.getHeadersOrDefault(HeaderNames.REDRIVE_COUNT, ByteString.EMPTY).toStringUtf8();
    boolean number =
        !count.isEmpty()
            && count.length() <= MAX_DIGITS
            && count.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(count) : 0;
  }
}
