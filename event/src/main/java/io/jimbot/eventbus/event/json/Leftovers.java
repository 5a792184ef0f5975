package io.jimbot.eventbus.event.json;

import java.util.Arrays;

/**
 * Where in an event the decoder is, and the JSON object of what it leaves over there.
 *
 * <p>The path is a stack of member names (as pieces of the body) and list indices. An object is
 * opened in the output only once something is left over inside it, so an event that fits its
 * message costs a few integers per member and writes nothing. Not thread-safe.
 */
final class Leftovers {
  private static final int INDEX = -1;

  private final ByteSink out = new ByteSink();
  private byte[] body = {};
  private int[] from = new int[32];
  private int[] to = new int[32];

  /** For each open object: whether it has a member already. */
  private boolean[] filled = new boolean[33];

  private int depth;
  private int open;

  /** Starts a new event of {@code newBody}. */
  void reset(byte[] newBody) {
    body = newBody;
    depth = 0;
    open = 0;
    out.clear();
  }

  /** Goes into the member whose name stands at {@code nameFrom} of the body. */
  void enter(int nameFrom, int nameTo) {
    if (depth == from.length) {
      from = Arrays.copyOf(from, depth * 2);
      to = Arrays.copyOf(to, depth * 2);
      filled = Arrays.copyOf(filled, depth * 2 + 1);
    }
    from[depth] = nameFrom;
    to[depth++] = nameTo;
  }

  /** Goes into an element of a list. */
  void enterElement(int index) {
    enter(index, INDEX);
  }

  /** Goes back out of the member or element that was entered last. */
  void leave() {
    if (open == depth + 1) {
      out.put('}');
      open--;
    }
    depth--;
  }

  /**
   * Leaves over the value at the cursor, which is the value of the member or element that was
   * entered last.
   */
  int keep(JsonCursor in, int maxDepth) {
    for (; open < depth; open++) {
      if (open > 0) {
        name(open - 1);
      }
      out.put('{');
      filled[open] = false;
    }
    name(depth - 1);
    int before = out.size();
    JsonCopier.copyValue(in, maxDepth, out);
    return out.size() - before;
  }

  private void name(int level) {
    if (filled[level]) {
      out.put(',');
    }
    filled[level] = true;
    if (to[level] == INDEX) {
      out.put('"');
      out.putAscii(Integer.toString(from[level]));
      out.put('"');
    } else {
      JsonCopier.copyString(body, from[level], to[level], out);
    }
    out.put(':');
  }

  boolean isEmpty() {
    return out.size() == 0;
  }

  /** The finished object; to be asked when all that was entered has been left, and not empty. */
  ByteSink finish() {
    out.put('}');
    open = 0;
    return out;
  }
}
