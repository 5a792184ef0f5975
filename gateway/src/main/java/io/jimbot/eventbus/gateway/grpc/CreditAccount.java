package io.jimbot.eventbus.gateway.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.events.v1.Credit;

/** How much a client still lets the gateway deliver. Thread-safe. */
final class CreditAccount {

  private final Object lock = new Object();

  @GuardedBy("lock")
  private long events;

  @GuardedBy("lock")
  private long bytes;

  /** Whether the last credit limited the bytes; otherwise only events count. */
  @GuardedBy("lock")
  private boolean bytesCount;

  CreditAccount(Credit first) {
    add(first);
  }

  void add(Credit more) {
    synchronized (lock) {
      events += Integer.toUnsignedLong(more.getEvents());
      bytesCount = more.getBytes() != 0;
      bytes = bytesCount ? plus(bytes, more.getBytes()) : 0;
    }
  }

  /** Unsigned as the contract has them; what passes a long counts as its largest. */
  private static long plus(long left, long more) {
    if (more < 0 || (left > 0 && more > Long.MAX_VALUE - left)) {
      return Long.MAX_VALUE;
    }
    return left + more;
  }

  boolean isLeft() {
    synchronized (lock) {
      return events > 0 && (!bytesCount || bytes > 0);
    }
  }

  /** How many events it is enough for; the bytes may end it earlier. */
  int events() {
    synchronized (lock) {
      return bytesCount && bytes <= 0 ? 0 : (int) Math.max(0, Math.min(Integer.MAX_VALUE, events));
    }
  }

  /** One event was delivered. */
  void spend(int size) {
    synchronized (lock) {
      events--;
      bytes -= bytesCount ? size : 0;
    }
  }
}
