package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.CharTypes;
import com.fasterxml.jackson.core.io.schubfach.DoubleToDecimal;

/** Writes compact JSON. Commas are put where the text so far asks for one. Not thread-safe. */
final class JsonSink extends ByteSink {
  /** Below this, every integer that a double holds is written without an exponent. */
  private static final double PLAIN_INTEGERS = 1e15;

  private static final int[] ESCAPES = CharTypes.get7BitOutputEscapes();

  void begin(char bracket) {
    separate();
    put(bracket);
  }

  void end(char bracket) {
    put(bracket);
  }

  void name(String name) {
    string(name);
    put(':');
  }

  /** Begins a member whose name stands in another JSON text, without its quotes. */
  void name(byte[] json, int from, int to) {
    separate();
    put('"');
    put(json, from, to);
    put('"');
    put(':');
  }

  /** Writes a value that stands in another JSON text. */
  void raw(byte[] json, int from, int to) {
    separate();
    put(json, from, to);
  }

  void raw(String asciiJson) {
    separate();
    putAscii(asciiJson);
  }

  void string(String text) {
    separate();
    byte[] utf8 = text.getBytes(UTF_8);
    put('"');
    for (byte b : utf8) {
      int escape = b < 0 ? 0 : ESCAPES[b];
      if (escape == 0) {
        put(b);
      } else if (escape > 0) {
        put('\\');
        put(escape);
      } else {
        JsonCopier.escapeControl(b, this);
      }
    }
    put('"');
  }

  /**
   * Writes a double as the shortest decimal that denotes it; what is not finite as Protobuf's JSON
   * mapping does.
   */
  void number(double value) {
    if (!Double.isFinite(value)) {
      string(Double.toString(value));
    } else if (value == Math.rint(value)
        && Math.abs(value) < PLAIN_INTEGERS
        && !isNegativeZero(value)) {
      raw(Long.toString((long) value));
    } else {
      raw(DoubleToDecimal.toString(value));
    }
  }

  private static boolean isNegativeZero(double value) {
    return value == 0 && Double.doubleToRawLongBits(value) != 0;
  }

  private void separate() {
    if (size() > 0) {
      byte last = bytes()[size() - 1];
      if (last != '{' && last != '[' && last != ':') {
        put(',');
      }
    }
  }
}
