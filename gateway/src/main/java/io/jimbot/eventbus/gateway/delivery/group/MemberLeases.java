package io.jimbot.eventbus.gateway.delivery.group;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.Leases;
import io.jimbot.eventbus.gateway.delivery.RepeatMemory;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The leases of all partitions that a member has: fed by the member's thread, settled by whoever
 * acknowledges. Thread-safe.
 */
final class MemberLeases implements Leases {

  private final long subscription;
  private final String group;
  private final EventFilter filter;
  private final AcknowledgementPolicy policy;
  private final GroupSettings settings;
  private final boolean deduplicate;
  private final MemberMetrics metrics;
  private final Object lock = new Object();

  /**
   * How many were made. It goes on when a partition goes and comes back, so that what was delivered
   * before that is not taken for what is delivered since.
   */
  private final AtomicInteger deliveries = new AtomicInteger();

  @GuardedBy("lock")
  private final TreeMap<Integer, PartitionLeases> partitions = new TreeMap<>();

  @GuardedBy("lock")
  private final Map<Integer, RepeatMemory> repeats = new HashMap<>();

  /** The partition that was served last, so that all have their turn. */
  @GuardedBy("lock")
  private int lastServed = -1;

  MemberLeases(
      long subscription,
      String group,
      SubscriptionRequest request,
      AcknowledgementPolicy policy,
      GroupSettings settings,
      MemberMetrics metrics) {
    this.subscription = subscription;
    this.group = group;
    this.filter = request.filter();
    this.policy = policy;
    this.settings = settings;
    this.deduplicate = request.deduplicate();
    this.metrics = metrics;
  }

  /** The partition is the member's now. */
  void assign(int partition, long offset, CommitNote note) {
    synchronized (lock) {
      partitions.put(
          partition, new PartitionLeases(policy, offset, note, deliveries::incrementAndGet));
      repeats.put(partition, new RepeatMemory(settings.repeatKeys()));
    }
  }

  /** The partition is another member's now. */
  void revoke(int partition) {
    synchronized (lock) {
      partitions.remove(partition);
      repeats.remove(partition);
    }
  }

  /** No partition is the member's. */
  void revokeAll() {
    synchronized (lock) {
      partitions.clear();
      repeats.clear();
    }
  }

  /** An event of a partition that is the member's, or from shortly before its place. */
  void feed(StoredEvent event) {
    synchronized (lock) {
      PartitionLeases leases = partitions.get(event.partition());
      RepeatMemory memory = repeats.get(event.partition());
      if (leases == null || memory == null) {
        return;
      }
      // What lies before the place is read only to recognise its repetitions.
      boolean isNew = leases.isNew(event.offset());
      boolean expired = event.isExpired(System.currentTimeMillis());
      boolean again = event.forGroup() != null;
      boolean repeat = deduplicate && !expired && !again && memory.isRepeat(event.idempotencyKey());
      boolean wanted = filter.matches(event, group);
      if (again && isNew) {
        metrics.cameAgain(wanted);
      }
      if (wanted && !repeat && !expired) {
        leases.add(event);
      } else {
        long unused = leases.advance(event.offset() + 1);
      }
      if (isNew) {
        count(event.isEvent(), wanted && repeat, wanted && expired);
      }
    }
  }

  /**
   * What a partition has before an offset is gone.
   *
   * @return how much of it was not read yet
   */
  long skipTo(int partition, long offset) {
    synchronized (lock) {
      PartitionLeases leases = partitions.get(partition);
      return leases == null ? 0 : leases.advance(offset);
    }
  }

  private void count(boolean readable, boolean repeat, boolean expired) {
    if (!readable) {
      metrics.unreadable();
    }
    if (repeat) {
      metrics.repeat();
    }
    if (expired) {
      metrics.expired();
    }
  }

  /** Whether a partition should be read on: its part of the member's memory is not used up. */
  boolean hasRoom(int partition) {
    synchronized (lock) {
      PartitionLeases leases = partitions.get(partition);
      return leases != null
          && leases.openEvents() - leases.heldBackEvents() < settings.bufferEvents()
          && leases.openBytes() < settings.bufferSize().toBytes() / partitions.size()
          && leases.span() < settings.maxSpan();
    }
  }

  @Override
  public @Nullable Delivery next() {
    synchronized (lock) {
      if (outEvents() >= policy.maxOutstandingEvents()
          || outBytes() >= policy.maxOutstandingBytes()) {
        return null;
      }
      for (int turn = 0; turn < partitions.size(); turn++) {
        Map.Entry<Integer, PartitionLeases> entry = partitions.higherEntry(lastServed);
        if (entry == null) {
          entry = partitions.firstEntry();
        }
        lastServed = entry.getKey();
        Lease lease = next(entry.getValue());
        if (lease != null) {
          StoredEvent event = lease.event;
          AckId id = new AckId(subscription, event.partition(), event.offset(), lease.delivery);
          return new Delivery(event, lease.failures + 1, id);
        }
      }
      return null;
    }
  }

  /** The next one of a partition whose time is not over. */
  private @Nullable Lease next(PartitionLeases leases) {
    Lease lease = leases.next(System.nanoTime());
    while (lease != null && lease.event.isExpired(System.currentTimeMillis())) {
      leases.drop(lease);
      metrics.expired();
      lease = leases.next(System.nanoTime());
    }
    return lease;
  }

  @Override
  public Settled settle(AckId id, Settlement settlement) {
    synchronized (lock) {
      PartitionLeases leases = partitions.get(id.partition());
      return leases == null
          ? Settled.EXPIRED
          : leases.settle(
              id.offset(),
              id.delivery(),
              settlement,
              System.nanoTime(),
              System.currentTimeMillis());
    }
  }

  /** Lets time pass; returns how many deliveries failed by it. */
  int tick() {
    synchronized (lock) {
      int failed = 0;
      for (PartitionLeases leases : partitions.values()) {
        failed += leases.tick(System.nanoTime(), System.currentTimeMillis());
      }
      return failed;
    }
  }

  /** What is to go to the dead letters now. */
  List<Lease> toPark() {
    synchronized (lock) {
      List<Lease> due = new ArrayList<>();
      for (PartitionLeases leases : partitions.values()) {
        due.addAll(leases.toPark(System.nanoTime()));
      }
      return due;
    }
  }

  /** An event lies in the dead letters. */
  void parked(StoredEvent event) {
    synchronized (lock) {
      PartitionLeases leases = partitions.get(event.partition());
      if (leases != null) {
        leases.parked(event.offset());
      }
    }
  }

  /** An event could not be put into the dead letters. */
  void notParked(StoredEvent event) {
    synchronized (lock) {
      PartitionLeases leases = partitions.get(event.partition());
      if (leases != null) {
        leases.notParked(event.offset(), System.nanoTime());
      }
    }
  }

  /**
   * A place to commit.
   *
   * @param offset everything before it is settled
   * @param note what is settled beyond, as it is stored beside the offset
   */
  record Place(long offset, String note) {}

  /** What can be committed, by partition. */
  Map<Integer, Place> places() {
    synchronized (lock) {
      Map<Integer, Place> places = new HashMap<>();
      partitions.forEach(
          (partition, leases) -> {
            long offset = leases.committable();
            places.put(partition, new Place(offset, leases.note().write(offset)));
          });
      return places;
    }
  }

  int outEvents() {
    synchronized (lock) {
      return partitions.values().stream().mapToInt(PartitionLeases::outEvents).sum();
    }
  }

  private long outBytes() {
    synchronized (lock) {
      return partitions.values().stream().mapToLong(PartitionLeases::outBytes).sum();
    }
  }

  /** Bytes of the events that are read and not settled. */
  long heldBytes() {
    synchronized (lock) {
      return partitions.values().stream().mapToLong(PartitionLeases::openBytes).sum();
    }
  }

  int heldBackEvents() {
    synchronized (lock) {
      return partitions.values().stream().mapToInt(PartitionLeases::heldBackEvents).sum();
    }
  }

  int heldUpKeys() {
    synchronized (lock) {
      return partitions.values().stream().mapToInt(PartitionLeases::heldUpKeys).sum();
    }
  }
}
