package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jimbot.eventbus.event.json.MessageShape.Kind;

/**
 * Writes JSON numbers, strings and words into fields that can hold exactly them. Not thread-safe.
 */
final class ScalarDecoder {
  private final JsonCursor in;
  private final WireWriter out;

  ScalarDecoder(JsonCursor in, WireWriter out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Reads a scalar into a field if it fits.
   *
   * @return false if not; then nothing is written and the cursor is before the value again
   */
  boolean read(Kind kind, int number, byte next) {
    int start = in.position();
    boolean fits =
        switch (kind) {
          case INT32, INT64 -> integer(kind, number, next);
          case DOUBLE -> floating(number, next);
          case BOOL -> bool(number, next);
          case STRING -> next == '"' && string(number);
          case MESSAGE, REPEATED, MAP -> false;
        };
    if (!fits) {
      in.moveTo(start);
    }
    return fits;
  }

  private static boolean beginsNumber(byte next) {
    return (next >= '0' && next <= '9') || next == '-';
  }

  private boolean integer(Kind kind, int number, byte next) {
    if (!beginsNumber(next)) {
      return false;
    }
    JsonNumber value = in.readNumber();
    if (!value.isLong() || (kind == Kind.INT32 && value.longValue() != (int) value.longValue())) {
      return false;
    }
    out.int64(number, value.longValue());
    return true;
  }

  private boolean floating(int number, byte next) {
    if (next == '"') {
      return nonFiniteText(number);
    }
    boolean word = next == 'i' || next == 'I' || next == 'N' || (next == 'n' && !in.isNull());
    if (!word && !beginsNumber(next)) {
      return false;
    }
    JsonNumber text = in.readNumber();
    double value = text.doubleValue();
    if (!text.isExactly(value)) {
      return false;
    }
    out.float64(number, value);
    return true;
  }

  /** Reads the strings that stand for non-finite numbers in Protobuf's JSON mapping. */
  private boolean nonFiniteText(int number) {
    in.readString();
    int length = in.stringTo() - in.stringFrom();
    if (length < 3 || length > 9) {
      return false;
    }
    switch (new String(in.bytes(), in.stringFrom(), length, ISO_8859_1)) {
      case "NaN" -> out.float64(number, Double.NaN);
      case "Infinity" -> out.float64(number, Double.POSITIVE_INFINITY);
      case "-Infinity" -> out.float64(number, Double.NEGATIVE_INFINITY);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean bool(int number, byte next) {
    if (next != 't' && next != 'f') {
      return false;
    }
    in.readWord(next == 't' ? "true" : "false");
    out.bool(number, next == 't');
    return true;
  }

  /** Reads a string into a string field; false, with nothing written, if it is not Unicode. */
  boolean string(int number) {
    int start = in.position();
    in.readString();
    int from = in.stringFrom();
    int to = in.stringTo();
    if (in.stringHigh() && !Utf8.isValid(in.bytes(), from, to)) {
      in.moveTo(start);
      return false;
    }
    if (!in.stringEscaped()) {
      out.bytes(number, in.bytes(), from, to);
      return true;
    }
    int before = out.size();
    int mark = out.open(number);
    if (!JsonUnescaper.unescape(in.bytes(), from, to, out)) {
      out.truncate(before);
      in.moveTo(start);
      return false;
    }
    out.close(mark);
    return true;
  }

  /** Writes an empty value, where an element that does not fit keeps its place in a list. */
  void placeholder(int number, Kind kind) {
    switch (kind) {
      case MESSAGE, STRING -> out.close(out.open(number));
      case DOUBLE -> out.float64(number, 0);
      default -> out.int64(number, 0);
    }
  }
}
