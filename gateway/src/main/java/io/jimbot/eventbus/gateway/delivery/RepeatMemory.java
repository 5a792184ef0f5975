package io.jimbot.eventbus.gateway.delivery;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the idempotency keys of the last events, to recognise one that was sent again. Holds
 * between {@code capacity} and twice as many keys, in two generations: when the younger is full,
 * the older is forgotten. 32 bytes a key; grows with use. Not thread-safe.
 */
public final class RepeatMemory {

  private static final int KEY_BYTES = 16;

  private final int capacity;
  private KeySet younger;
  private KeySet older;

  /**
   * Starts empty.
   *
   * @param capacity how many of the last keys are surely remembered, from 1
   */
  public RepeatMemory(int capacity) {
    this.capacity = capacity;
    this.younger = new KeySet();
    this.older = new KeySet();
  }

  /**
   * Remembers the key of an event.
   *
   * @param key 16 bytes; an event without such a key never repeats another
   * @return whether it was remembered already
   */
  public boolean isRepeat(byte @Nullable [] key) {
    if (key == null || key.length != KEY_BYTES) {
      return false;
    }
    ByteBuffer halves = ByteBuffer.wrap(key);
    long high = halves.getLong();
    // The table uses 0 for an empty place; one key in 2^64 shares its lower half with another then.
    long low = Math.max(1, halves.getLong() & Long.MAX_VALUE);
    if (older.contains(high, low) || !younger.add(high, low)) {
      return true;
    }
    if (younger.size() >= capacity) {
      older = younger;
      younger = new KeySet();
    }
    return false;
  }

  /** A set of pairs, by open addressing with linear probing; pairs are hashes already. */
  private static final class KeySet {
    private static final int FIRST_SLOTS = 64;

    private long[] pairs = new long[2 * FIRST_SLOTS];
    private int size;

    int size() {
      return size;
    }

    boolean contains(long high, long low) {
      return pairs[slot(pairs, high, low) + 1] != 0;
    }

    boolean add(long high, long low) {
      int slot = slot(pairs, high, low);
      if (pairs[slot + 1] != 0) {
        return false;
      }
      pairs[slot] = high;
      pairs[slot + 1] = low;
      if (++size * 4 > pairs.length) {
        grow();
      }
      return true;
    }

    private void grow() {
      long[] larger = new long[pairs.length * 2];
      for (int i = 0; i < pairs.length; i += 2) {
        if (pairs[i + 1] != 0) {
          int slot = slot(larger, pairs[i], pairs[i + 1]);
          larger[slot] = pairs[i];
          larger[slot + 1] = pairs[i + 1];
        }
      }
      pairs = larger;
    }

    /** Where the pair is, or else where it would go. */
    private static int slot(long[] pairs, long high, long low) {
      int mask = pairs.length / 2 - 1;
      int at = (int) (high ^ (high >>> 32)) & mask;
      while (pairs[2 * at + 1] != 0 && (pairs[2 * at] != high || pairs[2 * at + 1] != low)) {
        at = (at + 1) & mask;
      }
      return 2 * at;
    }
  }
}
