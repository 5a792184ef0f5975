package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.io.schubfach.DoubleToDecimal;
import io.jimbot.eventbus.event.json.EventFault.Reason;
import java.math.BigDecimal;

/**
 * The number that the cursor read last: its text, its digits, and what it is as a {@code double} or
 * a {@code long}, if it is one exactly.
 *
 * <p>"Exactly" means that the shortest decimal that denotes the double (Raffaello Giulietti, "The
 * Schubfach way to render doubles") is the number that was sent, so that writing it again gives the
 * same number. Decimals of up to 15 significant digits are always exact within the normal range of
 * a double; longer ones are compared.
 */
final class JsonNumber {
  /** Beyond this many characters nobody asks for exactness; a bound on the cost of asking. */
  private static final int LONGEST_COMPARED = 64;

  private static final int EXACT_DIGITS = 15;

  /** As many as fit a long without a sign. */
  private static final int MANTISSA_DIGITS = 19;

  private static final int EXPONENT_CAP = 100_000;
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private byte[] bytes = {};
  private int from;
  private int to;
  private boolean negative;
  private boolean integer;
  private boolean finite;
  private boolean notANumber;
  private long mantissa;
  private int digits;
  private int exponent;

  /** Reads the number that begins at {@code start}; returns where it ends. */
  int read(byte[] text, int start, int limit) {
    bytes = text;
    from = start;
    negative = text[start] == '-';
    int p = negative ? start + 1 : start;
    if (p < limit && isDigit(text[p])) {
      finite = true;
      to = readDecimal(p, limit);
    } else {
      to = readNonFinite(p, limit);
    }
    return to;
  }

  private int readNonFinite(int p, int limit) {
    finite = false;
    integer = false;
    notANumber = false;
    if (matches("inf", p, limit)) {
      return p + 3;
    }
    if (matches("Infinity", p, limit)) {
      return p + 8;
    }
    notANumber = true;
    if (matches("nan", p, limit) || matches("NaN", p, limit)) {
      return p + 3;
    }
    throw new EventFault(Reason.UNREADABLE, "no value of JSON begins like this", from);
  }

  private boolean matches(String word, int p, int limit) {
    if (p + word.length() > limit) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (bytes[p + i] != word.charAt(i)) {
        return false;
      }
    }
    int after = p + word.length();
    return after == limit || !Character.isLetterOrDigit(bytes[after]);
  }

  private int readDecimal(int start, int limit) {
    mantissa = 0;
    digits = 0;
    exponent = 0;
    integer = true;
    int p = start;
    if (bytes[p] == '0' && p + 1 < limit && isDigit(bytes[p + 1])) {
      throw new EventFault(Reason.UNREADABLE, "a number must not begin with 0", start);
    }
    p = readDigits(p, limit, false);
    if (p < limit && bytes[p] == '.') {
      integer = false;
      int first = p + 1;
      p = readDigits(first, limit, true);
      if (p == first) {
        throw new EventFault(Reason.UNREADABLE, "digits must follow the point of a number", p);
      }
    }
    if (p < limit && (bytes[p] == 'e' || bytes[p] == 'E')) {
      integer = false;
      p = readExponent(p + 1, limit);
    }
    return p;
  }

  /** Takes in the digits at {@code start}; returns where they end. */
  private int readDigits(int start, int limit, boolean fraction) {
    byte[] b = bytes;
    long value = mantissa;
    int significant = digits;
    int p = start;
    for (int d; p < limit && (d = b[p] - '0') >= 0 && d <= 9; p++) {
      if (significant < MANTISSA_DIGITS) {
        value = value * 10 + d;
        significant += value != 0 ? 1 : 0;
      } else {
        // Beyond what the mantissa holds: the digit counts for the magnitude only.
        significant++;
        exponent++;
      }
    }
    exponent -= fraction ? p - start : 0;
    mantissa = value;
    digits = significant;
    return p;
  }

  private int readExponent(int start, int limit) {
    int p = start;
    boolean minus = p < limit && bytes[p] == '-';
    if (minus || (p < limit && bytes[p] == '+')) {
      p++;
    }
    int first = p;
    int value = 0;
    while (p < limit && isDigit(bytes[p])) {
      value = Math.min(EXPONENT_CAP, value * 10 + (bytes[p] - '0'));
      p++;
    }
    if (p == first) {
      throw new EventFault(
          Reason.UNREADABLE, "digits must follow the exponent sign of a number", p);
    }
    exponent += minus ? -value : value;
    return p;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  /** Where the number begins in the body. */
  int from() {
    return from;
  }

  /** Where the number ends in the body, exclusive. */
  int to() {
    return to;
  }

  boolean finite() {
    return finite;
  }

  /** The number as written. */
  String text() {
    return new String(bytes, from, to - from, ISO_8859_1);
  }

  /**
   * Whether {@link #longValue} is exactly the number: an integer in the range of a long, without
   * point and exponent.
   */
  boolean isLong() {
    return finite
        && integer
        && digits <= MANTISSA_DIGITS
        && (negative ? mantissa > 0 || mantissa == Long.MIN_VALUE : mantissa >= 0);
  }

  long longValue() {
    return negative ? -mantissa : mantissa;
  }

  /** The nearest double. */
  double doubleValue() {
    if (!finite) {
      return notANumber
          ? Double.NaN
          : negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (mantissa == 0) {
      return negative ? -0.0 : 0.0;
    }
    if (digits <= EXACT_DIGITS && exponent >= -22 && exponent <= 22) {
      // Both operands are exact doubles, so one rounding gives the nearest (Clinger's fast path).
      double magnitude =
          exponent < 0 ? mantissa / POWERS_OF_TEN[-exponent] : mantissa * POWERS_OF_TEN[exponent];
      return negative ? -magnitude : magnitude;
    }
    return to - from <= LONGEST_COMPARED ? Double.parseDouble(text()) : Double.NaN;
  }

  /**
   * Whether {@code value}, which is {@link #doubleValue}, gives the same number again when it is
   * written.
   */
  boolean isExactly(double value) {
    if (!finite) {
      return true;
    }
    boolean normal = Math.abs(value) >= Double.MIN_NORMAL && !Double.isInfinite(value);
    if (digits <= EXACT_DIGITS && (normal || mantissa == 0)) {
      return true;
    }
    if (Double.isNaN(value)
        || Double.isInfinite(value)
        || value == 0
        || to - from > LONGEST_COMPARED) {
      return false;
    }
    return new BigDecimal(text()).compareTo(new BigDecimal(DoubleToDecimal.toString(value))) == 0;
  }
}
