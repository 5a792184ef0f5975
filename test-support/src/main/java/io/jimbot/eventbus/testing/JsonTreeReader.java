package io.jimbot.eventbus.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.testing.JsonTree.Elements;
import io.jimbot.eventbus.testing.JsonTree.Member;
import io.jimbot.eventbus.testing.JsonTree.Members;
import io.jimbot.eventbus.testing.JsonTree.Number;
import io.jimbot.eventbus.testing.JsonTree.Text;
import io.jimbot.eventbus.testing.JsonTree.Word;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@link JsonTree}, as plainly as can be. */
final class JsonTreeReader {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
  private static final Pattern WORD =
      Pattern.compile("true|false|null|-?(?:inf|Infinity|nan|NaN)(?![0-9A-Za-z])");

  private static final int LONGEST_EXPONENT = 9;

  /** The bytes as characters of one byte each. */
  private final String text;

  private int position;

  JsonTreeReader(byte[] json) {
    text = new String(json, ISO_8859_1);
  }

  JsonTree document() {
    JsonTree value = value();
    space();
    if (position < text.length()) {
      throw unexpected();
    }
    return value;
  }

  private JsonTree value() {
    return switch (next()) {
      case '{' -> object();
      case '[' -> list();
      case '"' -> new Text(string());
      default -> scalar();
    };
  }

  private JsonTree object() {
    List<Member> members = new ArrayList<>();
    position++;
    while (next() != '}') {
      if (!members.isEmpty()) {
        take(',');
      }
      if (next() != '"') {
        throw unexpected();
      }
      String name = string();
      take(':');
      members.add(new Member(name, value()));
    }
    position++;
    return new Members(members);
  }

  private JsonTree list() {
    List<JsonTree> elements = new ArrayList<>();
    position++;
    while (next() != ']') {
      if (!elements.isEmpty()) {
        take(',');
      }
      elements.add(value());
    }
    position++;
    return new Elements(elements);
  }

  private JsonTree scalar() {
    Matcher number = NUMBER.matcher(text).region(position, text.length());
    if (number.lookingAt()) {
      position = number.end();
      String exponent = number.group(3);
      if (exponent != null && exponent.length() > LONGEST_EXPONENT) {
        return new Word(number.group());
      }
      BigDecimal value = new BigDecimal(number.group());
      return new Number(number.group().startsWith("-"), value.abs());
    }
    Matcher word = WORD.matcher(text).region(position, text.length());
    if (!word.lookingAt()) {
      throw unexpected();
    }
    position = word.end();
    return switch (word.group()) {
      case "true", "false", "null" -> new Word(word.group());
      case "inf", "Infinity" -> new Text("Infinity");
      case "-inf", "-Infinity" -> new Text("-Infinity");
      default -> new Text("NaN");
    };
  }

  private String string() {
    StringBuilder content = new StringBuilder();
    int from = ++position;
    while (text.charAt(position) != '"') {
      if (text.charAt(position) == '\\') {
        content.append(characters(from, position));
        escape(content);
        from = position;
      } else {
        position++;
      }
      if (position >= text.length()) {
        throw unexpected();
      }
    }
    content.append(characters(from, position));
    position++;
    return content.toString();
  }

  private void escape(StringBuilder content) {
    char kind = text.charAt(position + 1);
    position += 2;
    switch (kind) {
      case 'b' -> content.append('\b');
      case 'f' -> content.append('\f');
      case 'n' -> content.append('\n');
      case 'r' -> content.append('\r');
      case 't' -> content.append('\t');
      case '"', '\\', '/' -> content.append(kind);
      case 'u' -> {
        content.append((char) Integer.parseInt(text.substring(position, position + 4), 16));
        position += 4;
      }
      default -> throw unexpected();
    }
  }

  private String characters(int from, int to) {
    CharsetDecoder utf8 =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.wrap(text.substring(from, to).getBytes(ISO_8859_1));
    CharBuffer characters = CharBuffer.allocate(bytes.remaining());
    CoderResult result = utf8.decode(bytes, characters, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        characters.put((char) (0xDC00 | (bytes.get() & 0xFF)));
      }
      result = utf8.decode(bytes, characters, true);
    }
    return characters.flip().toString();
  }

  private char next() {
    space();
    if (position >= text.length()) {
      throw unexpected();
    }
    return text.charAt(position);
  }

  private void space() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private void take(char expected) {
    if (next() != expected) {
      throw unexpected();
    }
    position++;
  }

  private IllegalArgumentException unexpected() {
    int to = Math.min(text.length(), position + 20);
    return new IllegalArgumentException(
        "not JSON at " + position + ": " + text.substring(Math.min(position, to), to));
  }
}
