package io.jimbot.eventbus.gateway.delivery.group;

import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a partition that wait for a time to come, the soonest first, so that looking costs
 * what is due and not what is there. Not thread-safe.
 */
final class Deadlines {

  private final TreeSet<Lease> byTime = new TreeSet<>(Deadlines::compare);

  private static int compare(Lease one, Lease other) {
    // By difference, since the clock's numbers may overflow.
    int order = Long.signum(one.untilNanos - other.untilNanos);
    return order != 0 ? order : Long.compare(one.event.offset(), other.event.offset());
  }

  /** Its time is this one now, and no other any more. */
  void set(Lease lease, long untilNanos) {
    byTime.remove(lease);
    lease.untilNanos = untilNanos;
    byTime.add(lease);
  }

  /** It waits for no time any more; nothing happens if it did not. */
  void clear(Lease lease) {
    byTime.remove(lease);
  }

  /** Takes out the one whose time was over first; null if none is over. */
  @Nullable Lease pollDue(long nowNanos) {
    boolean due = !byTime.isEmpty() && nowNanos - byTime.first().untilNanos >= 0;
    return due ? byTime.pollFirst() : null;
  }
}
