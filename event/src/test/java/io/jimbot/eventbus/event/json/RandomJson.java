package io.jimbot.eventbus.event.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Makes up JSON text, the stranger the better; always JSON in the dialect of the mod. Not
 * thread-safe.
 */
final class RandomJson {
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-0.0",
          "0.0",
          "1e308",
          "1e309",
          "-1e309",
          "1E400",
          "1e-400",
          "5e-324",
          "4.9e-324",
          "2.2250738585072014E-308",
          "2.2250738585072011e-308",
          "1.7976931348623157e308",
          "9007199254740991",
          "9007199254740992",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "-9223372036854775809",
          "18446744073709551616",
          "999999999999999999",
          "1000000000000000000",
          "2147483647",
          "2147483648",
          "-2147483648",
          "0.1000000000000000055511151231257827",
          "0.3333333333333333333333333333",
          "0.30000000000000004",
          "1.0",
          "1e3",
          "1E+3",
          "123456789012345678901234567890",
          "1234567890".repeat(10),
          "0." + "0".repeat(80) + "1",
          "1" + "0".repeat(80) + "e-80",
          "0e99999999",
          "1.2345678901235e+17",
          "1767323045.678",
          "1767323045678",
          "inf",
          "-inf",
          "nan",
          "-nan",
          "NaN",
          "Infinity",
          "-Infinity");
  private static final List<String> STRINGS =
      List.of(
          "",
          "NaN",
          "Infinity",
          "-Infinity",
          "inf",
          "1",
          "true",
          "null",
          "\\\"",
          "\\\\",
          "\\/",
          "\\u0000",
          "\\ud83d\\ude00",
          "\\ud83d",
          "\\ude00\\ud83d",
          "\\ud83dx",
          "\\uD800\\u0041",
          "grüße",
          "日本",
          "😀",
          "\u0000\u0001\u001f\u007f",
          "a\tb\nc",
          "x\udc80\udcff",
          "\u2028",
          "}],{\\\"type\\\":\\\"A\\\"}",
          "2026-01-02T03:04:05.678Z",
          "x".repeat(200));

  private final Random random;

  RandomJson(Random random) {
    this.random = random;
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Any value, of at most {@code depth} levels. */
  String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 12 : 6)) {
      case 0 -> "null";
      case 1 -> oneIn(2) ? "true" : "false";
      case 2, 3 -> number();
      case 4, 5 -> quoted(pick(STRINGS));
      case 6 -> oneIn(2) ? "{}" : "[ ]";
      case 7, 8, 9 -> list(depth - 1);
      default -> object(depth - 1);
    };
  }

  private String list(int depth) {
    StringBuilder json = new StringBuilder("[");
    for (int i = random.nextInt(4); i >= 0; i--) {
      json.append(space()).append(value(depth)).append(space()).append(i == 0 ? "" : ",");
    }
    return json.append(']').toString();
  }

  private String object(int depth) {
    StringBuilder json = new StringBuilder("{");
    for (int i = random.nextInt(4); i >= 0; i--) {
      json.append(space()).append(name()).append(space()).append(':');
      json.append(space()).append(value(depth)).append(i == 0 ? "" : ",");
    }
    return json.append('}').toString();
  }

  /** Any name, quotes included; names clash on purpose. */
  String name() {
    return switch (random.nextInt(4)) {
      case 0 -> spelled(pick(List.of("0", "1", "2", "id", "id_text", "ante", "jokers", "payload")));
      case 1 -> spelled(pick(List.of("type", "data", "changes", "timestamp", "rarity_text")));
      case 2 -> quoted(pick(STRINGS));
      default -> spelled("k" + random.nextInt(1000));
    };
  }

  String number() {
    return switch (random.nextInt(4)) {
      case 0 -> Long.toString(random.nextLong() >> random.nextInt(64));
      case 1 -> Double.toString(Double.longBitsToDouble(random.nextLong()));
      case 2 -> Double.toString(random.nextInt(100_000) / 1000.0);
      default -> pick(NUMBERS);
    };
  }

  /** A name of plain characters, in quotes, sometimes with needless escape sequences. */
  String spelled(String name) {
    if (name.isEmpty() || !oneIn(8)) {
      return quoted(name);
    }
    int at = random.nextInt(name.length());
    String unit = String.format(oneIn(2) ? "\\u%04x" : "\\u%04X", (int) name.charAt(at));
    return quoted(name.substring(0, at) + unit + name.substring(at + 1));
  }

  String quoted(String content) {
    return '"' + content + '"';
  }

  String space() {
    return oneIn(10) ? pick(List.of(" ", "\n", "\r\n", "\t", "  ")) : "";
  }

  /** The text as UTF-8; lone surrogates of PEP 383 as the bytes that they stand for. */
  static byte[] bytes(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    text.codePoints()
        .forEach(
            c -> {
              if (c >= 0xDC80 && c <= 0xDCFF) {
                out.write(c & 0xFF);
              } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
    return out.toByteArray();
  }
}
