package io.jimbot.eventbus.event.json;

/**
 * The name of the cursor's current member with its escape sequences resolved, as a piece of a byte
 * array; a name without them is not copied. Not thread-safe.
 */
final class MemberName {
  private final JsonCursor in;
  private final ByteSink resolved = new ByteSink();
  private boolean escaped;
  private boolean unicode;

  MemberName(JsonCursor in) {
    this.in = in;
  }

  /** Takes in the name; to be called before any value is read. */
  void resolve() {
    escaped = in.stringEscaped();
    if (escaped) {
      resolved.clear();
      unicode = JsonUnescaper.unescape(in.bytes(), in.stringFrom(), in.stringTo(), resolved);
    }
  }

  byte[] bytes() {
    return escaped ? resolved.bytes() : in.bytes();
  }

  int from() {
    return escaped ? 0 : in.stringFrom();
  }

  int to() {
    return escaped ? resolved.size() : in.stringTo();
  }

  /** Adds it to the names that its object has had; false if it was there. */
  boolean addTo(SeenNames names) {
    return escaped ? names.addResolved(resolved) : names.add(in.stringFrom(), in.stringTo());
  }

  /** Whether it is Unicode, so that a string field can hold it. */
  boolean isUnicode() {
    return (!escaped || unicode) && (!in.stringHigh() || Utf8.isValid(bytes(), from(), to()));
  }
}
