package io.jimbot.eventbus.gateway.delivery.history;

import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ended: what comes next, where all ends, and of which question it is. Any gateway can
 * go on from it. Immutable.
 *
 * @param next the place of the next page
 * @param end the place where the last page ends, found for the first one: what is stored meanwhile
 *     does not belong to it
 * @param fingerprint of the question
 */
public record HistoryCursor(ResumeToken next, ResumeToken end, int fingerprint) {

  private static final int HEX = 16;

  /** Reads what {@link #toText} wrote; null if the text is none. */
  public static @Nullable HistoryCursor read(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      return null;
    }
    ResumeToken next = ResumeToken.read(parts[0]);
    ResumeToken end = ResumeToken.read(parts[1]);
    try {
      return next == null || end == null
          ? null
          : new HistoryCursor(next, end, Integer.parseUnsignedInt(parts[2], HEX));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** For a URL. */
  public String toText() {
    return next.toText() + '.' + end.toText() + '.' + Integer.toHexString(fingerprint);
  }
}
