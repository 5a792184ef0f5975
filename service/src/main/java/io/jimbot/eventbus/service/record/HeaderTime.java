package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Times in record headers: milliseconds since 1970, in decimal. */
public final class HeaderTime {

  /** More digits might not fit. */
  private static final int MAX_DIGITS = 18;

  private HeaderTime() {}

  /** How a time is written. */
  public static byte[] of(long millis) {
    return Long.toString(millis).getBytes(UTF_8);
  }

  /** The time that a header holds, or something else if it holds none. */
  public static long millis(byte[] value, long otherwise) {
    if (value.length == 0 || value.length > MAX_DIGITS) {
      return otherwise;
    }
    long millis = 0;
    for (byte digit : value) {
      if (digit < '0' || digit > '9') {
        return otherwise;
      }
      millis = millis * 10 + (digit - '0');
    }
    return millis;
  }
}
