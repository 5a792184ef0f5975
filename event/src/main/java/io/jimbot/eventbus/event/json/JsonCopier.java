package io.jimbot.eventbus.event.json;

/**
 * Copies JSON values as compact RFC 8259 text.
 *
 * <p>What the text beyond RFC 8259 meant is kept: {@code inf} becomes {@code "Infinity"}, as
 * Protobuf's JSON mapping writes it; a control character becomes its escape sequence; a byte that
 * is not UTF-8 becomes the lone surrogate U+DC80 to U+DCFF that stands for it in Python's {@code
 * surrogateescape} (PEP 383), as an escape sequence. Numbers, strings and the order of members stay
 * as they were written.
 */
final class JsonCopier {
  private static final String HEX = "0123456789abcdef";

  private JsonCopier() {}

  /**
   * Moves {@code in} past one value of at most {@code maxDepth} levels and appends it to {@code
   * out}.
   */
  static void copyValue(JsonCursor in, int maxDepth, ByteSink out) {
    in.peek();
    int from = in.position();
    in.skipValue(maxDepth);
    int to = in.position();
    byte[] bytes = in.bytes();
    if (in.skippedVerbatim() && (!in.skippedHigh() || Utf8.isValid(bytes, from, to))) {
      out.put(bytes, from, to);
    } else {
      rewrite(bytes, from, to, out);
    }
  }

  private static void rewrite(byte[] bytes, int from, int to, ByteSink out) {
    int p = from;
    while (p < to) {
      byte c = bytes[p];
      switch (c) {
        case ' ', '\n', '\r', '\t' -> p++;
        case '"' -> {
          int end = endOfString(bytes, p + 1);
          copyString(bytes, p + 1, end, out);
          p = end + 1;
        }
        case 'i', 'I', 'N', 'n', '-' -> p = copyWord(bytes, p, out);
        default -> {
          out.put(c);
          p++;
        }
      }
    }
  }

  private static int copyWord(byte[] bytes, int p, ByteSink out) {
    boolean minus = bytes[p] == '-';
    int word = minus ? p + 1 : p;
    switch (bytes[word]) {
      case 'i' -> {
        out.putAscii(minus ? "\"-Infinity\"" : "\"Infinity\"");
        return word + 3;
      }
      case 'I' -> {
        out.putAscii(minus ? "\"-Infinity\"" : "\"Infinity\"");
        return word + 8;
      }
      case 'N' -> {
        out.putAscii("\"NaN\"");
        return word + 3;
      }
      case 'n' -> {
        boolean isNull = bytes[word + 1] == 'u';
        out.putAscii(isNull ? "null" : "\"NaN\"");
        return word + (isNull ? 4 : 3);
      }
      default -> {
        out.put('-');
        return word;
      }
    }
  }

  private static int endOfString(byte[] bytes, int from) {
    int p = from;
    while (bytes[p] != '"') {
      p += bytes[p] == '\\' ? 2 : 1;
    }
    return p;
  }

  /** Appends the content of a string, quotes included, as RFC 8259 has it. */
  static void copyString(byte[] bytes, int from, int to, ByteSink out) {
    out.put('"');
    int p = from;
    while (p < to) {
      byte c = bytes[p];
      if (c >= 0x20) {
        out.put(c);
        p++;
      } else if (c >= 0) {
        escapeControl(c, out);
        p++;
      } else {
        p += copyCharacter(bytes, p, to, out);
      }
    }
    out.put('"');
  }

  private static int copyCharacter(byte[] bytes, int p, int to, ByteSink out) {
    int length = Utf8.sequenceLength(bytes, p, to);
    if (length == 0) {
      out.putAscii("\\udc");
      hexByte(bytes[p], out);
      return 1;
    }
    out.put(bytes, p, p + length);
    return length;
  }

  static void escapeControl(byte c, ByteSink out) {
    out.putAscii("\\u00");
    hexByte(c, out);
  }

  private static void hexByte(byte value, ByteSink out) {
    out.put(HEX.charAt((value >> 4) & 0xF));
    out.put(HEX.charAt(value & 0xF));
  }
}
