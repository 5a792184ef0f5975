package io.jimbot.eventbus.gateway.ingest;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all that a transport has taken in, and not yet answered, may hold together. What
 * is reserved must be given back once. Thread-safe.
 */
public final class MemoryBudget {

  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  /** Nothing is reserved yet. */
  public MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Whether that many bytes were free; if so, they are taken. */
  public boolean reserve(long bytes) {
    if (usedBytes.addAndGet(bytes) <= limitBytes) {
      return true;
    }
    usedBytes.addAndGet(-bytes);
    return false;
  }

  /** Gives back what was reserved. */
  public void giveBack(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  /** How many bytes are reserved now. */
  public long usedBytes() {
    return usedBytes.get();
  }
}
