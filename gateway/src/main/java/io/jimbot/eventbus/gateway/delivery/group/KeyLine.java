package io.jimbot.eventbus.gateway.delivery.group;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The unsettled events of one ordering key, in the order of the log, and which of them may be
 * delivered. Belongs to its {@link PartitionLeases}; not thread-safe.
 *
 * <p>Several are delivered at a time, unless one that has failed is in the way; in strict order
 * only the first is.
 */
final class KeyLine {

  private final boolean strict;
  private final NavigableMap<Long, Lease> leases = new TreeMap<>();
  private boolean heldUp;
  private int waitBehindFailed;

  /**
   * @param strict whether an event is delivered only once the one before it is settled
   */
  KeyLine(boolean strict) {
    this.strict = strict;
  }

  boolean isEmpty() {
    return leases.isEmpty();
  }

  /** Whether an event that has failed is in the way of those behind it. */
  boolean isHeldUp() {
    return heldUp;
  }

  /** How many wait for one before them. */
  int heldBack() {
    return strict ? Math.max(0, leases.size() - 1) : waitBehindFailed;
  }

  /**
   * Takes the next event of the log.
   *
   * @param deliverable the offsets that may be delivered; put right
   */
  void add(Lease lease, Set<Long> deliverable) {
    boolean waits = strict ? !leases.isEmpty() : heldUp;
    leases.put(lease.event.offset(), lease);
    if (!waits) {
      deliverable.add(lease.event.offset());
    } else if (!strict) {
      waitBehindFailed++;
    }
  }

  /** One is settled. */
  void remove(Lease lease, Set<Long> deliverable) {
    deliverable.remove(lease.event.offset());
    leases.remove(lease.event.offset());
    if (strict || heldUp) {
      refresh(deliverable);
    }
  }

  /** Those behind one of them. */
  Collection<Lease> behind(Lease lease) {
    return leases.tailMap(lease.event.offset(), false).values();
  }

  /** Finds anew what may be delivered, since the state of one has changed. */
  void refresh(Set<Long> deliverable) {
    heldUp = false;
    waitBehindFailed = 0;
    for (Lease lease : strict ? first() : leases.values()) {
      boolean waiting = lease.state == Lease.State.WAITING;
      if (waiting && !heldUp) {
        deliverable.add(lease.event.offset());
      } else {
        deliverable.remove(lease.event.offset());
      }
      waitBehindFailed += waiting && heldUp ? 1 : 0;
      heldUp |= lease.isInTheWay();
    }
  }

  /** The others of a strict order never were deliverable; not to look at them keeps it cheap. */
  private Collection<Lease> first() {
    return leases.isEmpty() ? leases.values() : List.of(leases.firstEntry().getValue());
  }
}
