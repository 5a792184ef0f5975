package io.jimbot.eventbus.gateway.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all request bodies together may hold. What is reserved must be given back once.
 * Thread-safe.
 */
final class BodyBudget {

  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  BodyBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Whether that many bytes were free; if so, they are taken. */
  boolean reserve(long bytes) {
    if (usedBytes.addAndGet(bytes) <= limitBytes) {
      return true;
    }
    usedBytes.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  long usedBytes() {
    return usedBytes.get();
  }
}
