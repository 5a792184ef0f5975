package io.jimbot.eventbus.gateway.deadletter;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a page of dead letters ended, as text for a URL: the next offset of each partition. */
public final class LetterCursor {

  private LetterCursor() {}

  static String text(long[] next) {
    return Arrays.stream(next).mapToObj(Long::toString).collect(Collectors.joining("."));
  }

  /** Reads such a text; null if it is none. */
  public static long @Nullable [] read(String text) {
    return text.matches("\\d{1,18}(\\.\\d{1,18}){0,9999}")
        ? Arrays.stream(text.split("\\.")).mapToLong(Long::parseLong).toArray()
        : null;
  }
}
