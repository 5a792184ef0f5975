package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Resolves the escape sequences of JSON strings whose form the cursor has checked. */
final class JsonUnescaper {
  private JsonUnescaper() {}

  /**
   * Appends the string as UTF-8; half a surrogate pair, which UTF-8 cannot say, in the way of UTF-8
   * nevertheless, so that different strings stay different.
   *
   * @return whether there is no such half
   */
  static boolean unescape(byte[] bytes, int from, int to, ByteSink out) {
    boolean unicode = true;
    int p = from;
    while (p < to) {
      byte c = bytes[p];
      if (c != '\\') {
        out.put(c);
        p++;
      } else if (bytes[p + 1] != 'u') {
        out.put(plain(bytes[p + 1]));
        p += 2;
      } else {
        int unit = unit(bytes, p + 2);
        p += 6;
        int low = isUnit(bytes, p, to) ? unit(bytes, p + 2) : 0;
        if (Character.isSurrogatePair((char) unit, (char) low)) {
          putUtf8(Character.toCodePoint((char) unit, (char) low), out);
          p += 6;
        } else {
          unicode &= !Character.isSurrogate((char) unit);
          putUtf8(unit, out);
        }
      }
    }
    return unicode;
  }

  /** The string, or null if UTF-8 cannot say it. */
  static @Nullable String text(byte[] bytes, int from, int to, boolean escaped) {
    if (!Utf8.isValid(bytes, from, to)) {
      return null;
    }
    if (!escaped) {
      return new String(bytes, from, to - from, UTF_8);
    }
    ByteSink out = new ByteSink();
    return unescape(bytes, from, to, out) ? new String(out.bytes(), 0, out.size(), UTF_8) : null;
  }

  private static boolean isUnit(byte[] bytes, int p, int to) {
    return p + 6 <= to && bytes[p] == '\\' && bytes[p + 1] == 'u';
  }

  private static int unit(byte[] bytes, int p) {
    int value = 0;
    for (int i = p; i < p + 4; i++) {
      value = value << 4 | Character.digit(bytes[i], 16);
    }
    return value;
  }

  private static int plain(byte escape) {
    return switch (escape) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escape;
    };
  }

  private static void putUtf8(int codePoint, ByteSink out) {
    if (codePoint < 0x80) {
      out.put(codePoint);
    } else if (codePoint < 0x800) {
      out.put(0xC0 | codePoint >> 6);
      out.put(0x80 | codePoint & 0x3F);
    } else if (codePoint < 0x10000) {
      out.put(0xE0 | codePoint >> 12);
      out.put(0x80 | codePoint >> 6 & 0x3F);
      out.put(0x80 | codePoint & 0x3F);
    } else {
      out.put(0xF0 | codePoint >> 18);
      out.put(0x80 | codePoint >> 12 & 0x3F);
      out.put(0x80 | codePoint >> 6 & 0x3F);
      out.put(0x80 | codePoint & 0x3F);
    }
  }
}
