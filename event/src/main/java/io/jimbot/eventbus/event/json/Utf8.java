package io.jimbot.eventbus.event.json;

/** Tells UTF-8 from other bytes (RFC 3629, table of section 4). */
final class Utf8 {
  private Utf8() {}

  /** Whether all of the bytes are UTF-8. */
  static boolean isValid(byte[] bytes, int from, int to) {
    int p = from;
    while (p < to) {
      if (bytes[p] >= 0) {
        p++;
      } else {
        int length = sequenceLength(bytes, p, to);
        if (length == 0) {
          return false;
        }
        p += length;
      }
    }
    return true;
  }

  /** How many bytes the character of more than one byte at {@code p} takes; 0 if there is none. */
  static int sequenceLength(byte[] bytes, int p, int to) {
    int first = bytes[p] & 0xFF;
    int length =
        first >= 0xC2 && first <= 0xDF
            ? 2
            : first >= 0xE0 && first <= 0xEF ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    if (length == 0 || p + length > to) {
      return 0;
    }
    int second = bytes[p + 1] & 0xFF;
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[p + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
