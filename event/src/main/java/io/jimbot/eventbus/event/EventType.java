package io.jimbot.eventbus.event;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A type of event, and where events of it belong.
 *
 * @param name the canonical name: upper snake case, 1 to {@value #MAX_LENGTH} characters
 * @param topic the logical topic, dotted: {@code game.state.update}
 * @param retention the name of the retention class that keeps events of this type
 * @param known whether the catalogue lists it; the number of known types is bounded, so they can
 *     label metrics
 */
public record EventType(String name, String topic, String retention, boolean known) {
  /** Longest name of a type, in characters. */
  public static final int MAX_LENGTH = 128;

  /**
   * The canonical form of a type as a producer wrote it: upper case, with an underscore for each
   * {@code .} and {@code -}.
   *
   * @return null if it is no name of a type: empty, longer than {@value #MAX_LENGTH} characters,
   *     not beginning with a letter, or with a character beyond {@code A-Z a-z 0-9 _ . -}
   */
  public static @Nullable String canonical(String written) {
    int length = written.length();
    if (length == 0 || length > MAX_LENGTH || !isLetter(written.charAt(0))) {
      return null;
    }
    for (int i = 1; i < length; i++) {
      char c = written.charAt(i);
      if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '-') {
        return null;
      }
    }
    return written.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static boolean isLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
}
