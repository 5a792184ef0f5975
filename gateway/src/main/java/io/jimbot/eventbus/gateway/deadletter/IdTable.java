package io.jimbot.eventbus.gateway.deadletter;

/**
 * A number for each of many ids of 128 bits, in an array of numbers: 30 to 38 bytes each once there
 * are some. A map of objects takes ten times that. Not thread-safe.
 */
final class IdTable {

  /** What there is for an id that was not put in. */
  static final long ABSENT = -1;

  /** A slot: the two halves of an id, and its number. The first is 0 where it is free. */
  private static final int WORDS = 3;

  private static final int FIRST_SLOTS = 16;

  private long[] slots = new long[FIRST_SLOTS * WORDS];
  private int size;

  int size() {
    return size;
  }

  /** The number of that id, or {@link #ABSENT}. */
  long get(long high, long low) {
    int slot = slotOf(high, low);
    return isFree(slot) ? ABSENT : slots[slot * WORDS + 2];
  }

  /**
   * Sets the number of an id.
   *
   * @param high the id's first half; not 0
   * @param value not {@link #ABSENT}
   */
  void put(long high, long low, long value) {
    int slot = slotOf(high, low);
    if (isFree(slot)) {
      // At most four fifths are taken: the fuller it is, the longer is the search.
      if ((size + 1L) * 5 > capacity() * 4L) {
        rebuild(capacity() + capacity() / 4, 0);
        slot = slotOf(high, low);
      }
      size++;
    }
    set(slot, high, low, value);
  }

  /** Takes an id out; nothing if it is not in. */
  void remove(long high, long low) {
    int hole = slotOf(high, low);
    if (isFree(hole)) {
      return;
    }
    size--;
    // No search may end at the hole that passed here before: what lies behind moves up.
    for (int slot = after(hole); !isFree(slot); slot = after(slot)) {
      int wanted = firstSlot(slots[slot * WORDS], slots[slot * WORDS + 1]);
      if (Math.floorMod(slot - wanted, capacity()) >= Math.floorMod(slot - hole, capacity())) {
        System.arraycopy(slots, slot * WORDS, slots, hole * WORDS, WORDS);
        hole = slot;
      }
    }
    set(hole, 0, 0, 0);
  }

  /** Takes all out whose first half is less, both without a sign. */
  void removeBelow(long high) {
    rebuild(capacity(), high);
  }

  private void rebuild(int capacity, long least) {
    long[] old = slots;
    slots = new long[capacity * WORDS];
    size = 0;
    for (int at = 0; at < old.length; at += WORDS) {
      if (old[at] != 0 && Long.compareUnsigned(old[at], least) >= 0) {
        set(slotOf(old[at], old[at + 1]), old[at], old[at + 1], old[at + 2]);
        size++;
      }
    }
  }

  private void set(int slot, long high, long low, long value) {
    slots[slot * WORDS] = high;
    slots[slot * WORDS + 1] = low;
    slots[slot * WORDS + 2] = value;
  }

  private int capacity() {
    return slots.length / WORDS;
  }

  private boolean isFree(int slot) {
    return slots[slot * WORDS] == 0;
  }

  private int after(int slot) {
    return slot + 1 == capacity() ? 0 : slot + 1;
  }

  /** Where the id is; a free slot where it would be. */
  private int slotOf(long high, long low) {
    int slot = firstSlot(high, low);
    while (!isFree(slot) && (slots[slot * WORDS] != high || slots[slot * WORDS + 1] != low)) {
      slot = after(slot);
    }
    return slot;
  }

  /** Where the search begins: the upper bits of the mixture say how far into the array. */
  private int firstSlot(long high, long low) {
    return (int) ((mixed(high, low) >>> 33) * capacity() >>> 31);
  }

  /** Spreads ids, which begin with a time, over all numbers. */
  static long mixed(long high, long low) {
    long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 31) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 29;
  }
}
