package io.jimbot.eventbus.gateway.delivery;

import java.util.Arrays;

/**
 * The next offset to read of each partition; partitions that were never mentioned begin at 0. Not
 * thread-safe.
 */
public final class Places {

  private long[] next;

  public Places(long[] next) {
    this.next = next.clone();
  }

  public long next(int partition) {
    return partition < next.length ? next[partition] : 0;
  }

  /** Goes on to an offset, never back. */
  public void advance(int partition, long offset) {
    if (partition >= next.length) {
      next = Arrays.copyOf(next, partition + 1);
    }
    if (offset > next[partition]) {
      next[partition] = offset;
    }
  }

  /** Goes back to an offset, never on. */
  public void retreat(int partition, long offset) {
    if (partition < next.length && offset < next[partition]) {
      next[partition] = offset;
    }
  }

  /** Whether it is at or beyond another place in every partition that the other knows. */
  public boolean reaches(long[] other) {
    for (int partition = 0; partition < other.length; partition++) {
      if (next(partition) < other[partition]) {
        return false;
      }
    }
    return true;
  }

  public Places copy() {
    return new Places(next);
  }

  public long[] toArray() {
    return next.clone();
  }
}
