package io.jimbot.eventbus.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes small JSON documents straight to bytes. Not thread-safe; one for each document. */
final class JsonBytes {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int size;

  JsonBytes(int expectedBytes) {
    this.bytes = new byte[Math.max(64, expectedBytes)];
  }

  /** Appends JSON as it is; ASCII only. */
  JsonBytes raw(String ascii) {
    int length = ascii.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  JsonBytes number(long number) {
    return raw(Long.toString(number));
  }

  /** Appends a string in quotes, escaped. */
  JsonBytes text(String text) {
    reserve(text.length() + 2);
    bytes[size++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        rest(text.substring(i));
        break;
      }
      ascii(c);
    }
    reserve(1);
    bytes[size++] = '"';
    return this;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** From the first character beyond ASCII on; a lone surrogate comes out as a question mark. */
  private void rest(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    for (byte b : utf8) {
      if (b >= 0) {
        ascii((char) b);
      } else {
        reserve(1);
        bytes[size++] = b;
      }
    }
  }

  private void ascii(char c) {
    reserve(6);
    switch (c) {
      case '"', '\\' -> {
        bytes[size++] = '\\';
        bytes[size++] = (byte) c;
      }
      case '\n' -> raw("\\n");
      case '\r' -> raw("\\r");
      case '\t' -> raw("\\t");
      default -> {
        if (c < 0x20 || c == 0x7f) {
          raw("\\u00");
          bytes[size++] = HEX[c >> 4];
          bytes[size++] = HEX[c & 15];
        } else {
          bytes[size++] = (byte) c;
        }
      }
    }
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
