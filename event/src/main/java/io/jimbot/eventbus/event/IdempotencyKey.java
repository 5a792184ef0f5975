package io.jimbot.eventbus.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tells a repetition of an event from another event.
 *
 * <p>The id alone does not: BalatroMCP draws its ids from a generator that starts from the same
 * state in every process, so two runs share ids. Id, source, type, subtype and the event's own
 * time, as its producer wrote them, do: a repetition is encoded afresh, but these are taken from
 * the same event, and two events of different processes do not share an id, a type and a monotonic
 * time to a tenth of a microsecond. The payload is left out because parts of it are read when it is
 * sent, not when it happened; so is the sender's address, because a retry may come by another way.
 */
public final class IdempotencyKey {
  /** Length of a key, in bytes. */
  public static final int LENGTH = 16;

  private IdempotencyKey() {}

  /**
   * The first {@value #LENGTH} bytes of the SHA-256 of the five texts, each preceded by its length.
   */
  public static byte[] of(EventFacts facts) {
    MessageDigest digest = sha256();
    add(facts.eventId(), digest);
    add(facts.source(), digest);
    add(facts.type().name(), digest);
    add(facts.subtype(), digest);
    add(facts.clock(), digest);
    return Arrays.copyOf(digest.digest(), LENGTH);
  }

  private static void add(@Nullable String text, MessageDigest digest) {
    byte[] bytes = text == null ? new byte[0] : text.getBytes(UTF_8);
    int length = text == null ? -1 : bytes.length;
    for (int shift = 24; shift >= 0; shift -= 8) {
      digest.update((byte) (length >>> shift));
    }
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
