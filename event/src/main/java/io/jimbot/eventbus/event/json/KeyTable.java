package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map from names to values that is asked with a piece of a byte array, so that no string is made
 * to look one up. Immutable.
 */
final class KeyTable<T> {
  private final byte[][] names;
  private final Object[] values;
  private final int mask;

  KeyTable(Map<String, T> entries) {
    int size = Integer.highestOneBit(Math.max(4, entries.size() * 4));
    names = new byte[size][];
    values = new Object[size];
    mask = size - 1;
    entries.forEach(this::put);
  }

  private void put(String name, T value) {
    byte[] key = name.getBytes(UTF_8);
    int slot = hash(key, 0, key.length) & mask;
    while (values[slot] != null) {
      slot = (slot + 1) & mask;
    }
    names[slot] = key;
    values[slot] = value;
  }

  @SuppressWarnings("unchecked")
  @Nullable T get(byte[] bytes, int from, int to) {
    int slot = hash(bytes, from, to) & mask;
    while (values[slot] != null) {
      byte[] name = names[slot];
      if (Arrays.equals(name, 0, name.length, bytes, from, to)) {
        return (T) values[slot];
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + bytes[i];
    }
    return hash ^ (hash >>> 15);
  }
}
