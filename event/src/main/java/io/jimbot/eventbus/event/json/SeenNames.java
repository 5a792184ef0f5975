package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The member names that an object with free names has had so far. A few are compared one by one, as
 * pieces of the body; beyond {@value #COMPARED} they go into a hash set, so that many names cost no
 * more than linear time. Not thread-safe.
 */
final class SeenNames {
  private static final int COMPARED = 32;

  private final int[] from = new int[COMPARED];
  private final int[] to = new int[COMPARED];
  private Set<String> more = new HashSet<>();
  private byte[] body = {};
  private int size;

  /** Starts a new object of {@code newBody}. */
  void reset(byte[] newBody) {
    body = newBody;
    size = 0;
    if (!more.isEmpty()) {
      more = new HashSet<>();
    }
  }

  /** Takes in a name as it stands in the body; false if it was there. */
  boolean add(int nameFrom, int nameTo) {
    if (isAmongCompared(body, nameFrom, nameTo)) {
      return false;
    }
    if (size == COMPARED) {
      return more.add(text(body, nameFrom, nameTo));
    }
    from[size] = nameFrom;
    to[size++] = nameTo;
    return more.isEmpty() || !more.contains(text(body, nameFrom, nameTo));
  }

  /** Takes in a name whose escape sequences had to be resolved; false if it was there. */
  boolean addResolved(ByteSink name) {
    return !isAmongCompared(name.bytes(), 0, name.size())
        && more.add(text(name.bytes(), 0, name.size()));
  }

  private boolean isAmongCompared(byte[] bytes, int nameFrom, int nameTo) {
    for (int i = 0; i < size; i++) {
      if (Arrays.equals(body, from[i], to[i], bytes, nameFrom, nameTo)) {
        return true;
      }
    }
    return false;
  }

  private static String text(byte[] bytes, int nameFrom, int nameTo) {
    return new String(bytes, nameFrom, nameTo - nameFrom, ISO_8859_1);
  }
}
