package io.jimbot.eventbus.gateway.delivery.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.Leases;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.record.EventFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one worker of a queue has from Kafka: filled and emptied by the worker's thread, settled by
 * whoever acknowledges. Thread-safe.
 */
final class AcquiredEvents implements Leases {

  /**
   * Kafka gives an event to workers ten times, then forgets it. So the tenth time it is given to
   * none, but to the dead letters, which takes no worker that could go away with it.
   */
  private static final int LAST_ATTEMPT = QueueBeginning.DELIVERY_LIMIT;

  private static final Duration PARK_RETRY = Duration.ofSeconds(1);

  /** Of how many events a repeated acknowledgement is known; some 80 bytes each. */
  private static final int SETTLED = 4_096;

  private final long subscription;
  private final String queue;
  private final EventFilter filter;
  private final AcknowledgementPolicy policy;
  private final long maxBytes;
  private final MemberMetrics metrics;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<Place, Acquired> open = new LinkedHashMap<>();

  /** What another member of the worker was given since; the former holder must still tell of it. */
  @GuardedBy("lock")
  private final List<Acquired> overtaken = new ArrayList<>();

  /** What was settled last, so that a repeated acknowledgement is known as one. */
  @GuardedBy("lock")
  private final SettledPlaces settled = new SettledPlaces(SETTLED);

  @GuardedBy("lock")
  private int outEvents;

  @GuardedBy("lock")
  private long outBytes;

  /**
   * Holds nothing yet.
   *
   * @param maxBytes how many bytes of events it holds before it has no room for more
   */
  AcquiredEvents(
      long subscription,
      String queue,
      EventFilter filter,
      AcknowledgementPolicy policy,
      long maxBytes,
      MemberMetrics metrics) {
    this.subscription = subscription;
    this.queue = queue;
    this.filter = filter;
    this.policy = policy;
    this.maxBytes = maxBytes;
    this.metrics = metrics;
  }

  /**
   * An event that Kafka gives. If it is wanted, it waits to be {@link #judged}.
   *
   * @param holder the member of the share group that it was given to
   */
  void add(ConsumerRecord<byte[], byte[]> record, ShareMember holder) {
    synchronized (lock) {
      Acquired acquired = new Acquired(record, holder);
      Place place = new Place(record.partition(), record.offset());
      overtake(open.put(place, acquired), holder);
      settled.remove(place);
      if (!acquired.event.isEvent()) {
        metrics.unreadable();
      }
      boolean again = acquired.event.forGroup() != null;
      boolean wanted = filter.matches(acquired.event, queue);
      if (again) {
        metrics.cameAgain(wanted);
      }
      if (!wanted) {
        acquired.decide(AcknowledgeType.ACCEPT);
      } else if (isExpired(acquired)) {
        acquired.decide(AcknowledgeType.ACCEPT);
      }
    }
  }

  /** What is not known yet to repeat an earlier event, or not to. */
  List<ConsumerRecord<byte[], byte[]>> unjudged() {
    synchronized (lock) {
      return open.values().stream()
          .filter(acquired -> acquired.state == Acquired.State.UNJUDGED)
          .map(acquired -> acquired.record)
          .toList();
    }
  }

  /**
   * Now it is known.
   *
   * @param events what {@link #unjudged} said
   * @param repeats those of them that repeat an earlier one, and are not wanted
   */
  void judged(
      List<ConsumerRecord<byte[], byte[]>> events, Set<ConsumerRecord<byte[], byte[]>> repeats) {
    synchronized (lock) {
      for (ConsumerRecord<byte[], byte[]> record : events) {
        Acquired acquired = open.get(new Place(record.partition(), record.offset()));
        if (acquired != null && acquired.state == Acquired.State.UNJUDGED) {
          judge(acquired, repeats.contains(record));
        }
      }
    }
  }

  @GuardedBy("lock")
  private void judge(Acquired acquired, boolean repeat) {
    if (repeat && acquired.event.forGroup() == null) {
      metrics.repeat();
      acquired.decide(AcknowledgeType.ACCEPT);
    } else if (acquired.attempt >= LAST_ATTEMPT) {
      acquired.giveUp(
          DeadLetterReason.DELIVERIES_EXHAUSTED, "its workers went away without settling it");
    } else {
      acquired.state = Acquired.State.WAITING;
    }
  }

  /**
   * Another member of this worker may have had the event, and lost its lock without knowing: its
   * consumer gives nothing more before it is told what became of it.
   */
  @GuardedBy("lock")
  private void overtake(@Nullable Acquired former, ShareMember holder) {
    forget(former);
    if (former != null && former.held && former.holder != holder) {
      former.decide(AcknowledgeType.RELEASE);
      overtaken.add(former);
    }
  }

  @Override
  public @Nullable Delivery next() {
    synchronized (lock) {
      if (outEvents >= policy.maxOutstandingEvents() || outBytes >= policy.maxOutstandingBytes()) {
        return null;
      }
      for (Acquired acquired : open.values()) {
        if (acquired.state != Acquired.State.WAITING) {
          continue;
        }
        if (isExpired(acquired)) {
          acquired.decide(AcknowledgeType.ACCEPT);
        } else {
          acquired.state = Acquired.State.OUT;
          acquired.untilNanos = System.nanoTime() + policy.timeout().toNanos();
          outEvents++;
          outBytes += acquired.event.size();
          AckId id =
              new AckId(
                  subscription,
                  acquired.record.partition(),
                  acquired.record.offset(),
                  acquired.attempt);
          return new Delivery(acquired.event, acquired.attempt, id);
        }
      }
      return null;
    }
  }

  private boolean isExpired(Acquired acquired) {
    boolean expired = acquired.event.isExpired(System.currentTimeMillis());
    if (expired) {
      metrics.expired();
    }
    return expired;
  }

  @Override
  public Settled settle(AckId id, Settlement settlement) {
    synchronized (lock) {
      Place place = new Place(id.partition(), id.offset());
      Acquired acquired = open.get(place);
      if (acquired == null
          || acquired.attempt != id.attempt()
          || acquired.state != Acquired.State.OUT) {
        return settled.contains(place) ? Settled.DONE : Settled.EXPIRED;
      }
      if (settlement instanceof Settlement.Extend extend) {
        acquired.untilNanos = System.nanoTime() + extend.by().toNanos();
        return Settled.DONE;
      }
      in(acquired);
      if (settlement instanceof Settlement.Retry retry) {
        acquired.fail(retry.reason(), retry.delay(), policy);
        return Settled.DONE;
      }
      settled.add(place);
      if (settlement instanceof Settlement.Park park) {
        acquired.giveUp(DeadLetterReason.PARKED, park.reason());
      } else {
        acquired.decide(AcknowledgeType.ACCEPT);
      }
      return Settled.DONE;
    }
  }

  @GuardedBy("lock")
  private void in(Acquired acquired) {
    outEvents--;
    outBytes -= acquired.event.size();
  }

  /**
   * Lets time pass.
   *
   * @param drained nothing will be delivered any more
   * @return how many deliveries failed by it
   */
  int tick(boolean drained) {
    synchronized (lock) {
      int failed = 0;
      long now = System.nanoTime();
      for (Acquired acquired : open.values()) {
        boolean due = now - acquired.untilNanos >= 0;
        switch (acquired.state) {
          case UNJUDGED, WAITING -> {
            if (drained) {
              acquired.decide(AcknowledgeType.RELEASE);
            }
          }
          case OUT -> {
            if (due) {
              in(acquired);
              acquired.fail("not acknowledged in time", null, policy);
              failed++;
            }
          }
          case BACKOFF -> {
            if (due) {
              acquired.decide(AcknowledgeType.RELEASE);
            }
          }
          case GIVEN_UP, PARKING, DECIDED -> {}
        }
      }
      return failed;
    }
  }

  /** What is to go to the dead letters now, and is on its way there from now on. */
  List<Acquired> toPark() {
    synchronized (lock) {
      List<Acquired> due = new ArrayList<>();
      long now = System.nanoTime();
      for (Acquired acquired : open.values()) {
        if (acquired.state == Acquired.State.GIVEN_UP && now - acquired.untilNanos >= 0) {
          acquired.state = Acquired.State.PARKING;
          due.add(acquired);
        }
      }
      return due;
    }
  }

  /** It lies in the dead letters. */
  void parked(Acquired acquired) {
    synchronized (lock) {
      acquired.decide(AcknowledgeType.REJECT);
    }
  }

  /** It could not be put into the dead letters; it is tried again a little later. */
  void notParked(Acquired acquired) {
    synchronized (lock) {
      acquired.state = Acquired.State.GIVEN_UP;
      acquired.untilNanos = System.nanoTime() + PARK_RETRY.toNanos();
    }
  }

  /** Takes out what Kafka is to be told of now, by one of the members. */
  List<Acquired> decided(ShareMember holder) {
    synchronized (lock) {
      List<Acquired> decided = new ArrayList<>();
      open.values()
          .removeIf(
              acquired ->
                  acquired.holder == holder
                      && acquired.held
                      && acquired.state == Acquired.State.DECIDED
                      && decided.add(acquired));
      overtaken.removeIf(acquired -> acquired.holder == holder && decided.add(acquired));
      return decided;
    }
  }

  /** All of a member, whose locks count as not held from now on until they are renewed. */
  List<Acquired> toRenew(ShareMember holder) {
    synchronized (lock) {
      List<Acquired> all =
          open.values().stream().filter(acquired -> acquired.holder == holder).toList();
      all.forEach(acquired -> acquired.held = false);
      return all;
    }
  }

  /**
   * The lock is held again.
   *
   * @return whether the member is known to have the event
   */
  boolean renewed(ConsumerRecord<byte[], byte[]> record, ShareMember holder) {
    synchronized (lock) {
      Acquired acquired = open.get(new Place(record.partition(), record.offset()));
      if (acquired == null || acquired.holder != holder) {
        return false;
      }
      acquired.held = true;
      return true;
    }
  }

  /** Forgets what a member holds no more: Kafka gives it to another one. */
  void forgetLost(ShareMember holder) {
    forgetIf(acquired -> acquired.holder == holder && !acquired.held);
  }

  /** Forgets what a member had. */
  void forget(ShareMember holder) {
    forgetIf(acquired -> acquired.holder == holder);
  }

  private void forgetIf(Predicate<Acquired> which) {
    synchronized (lock) {
      List<Acquired> lost = open.values().stream().filter(which).toList();
      open.values().removeAll(lost);
      lost.forEach(this::forget);
      overtaken.removeIf(which);
    }
  }

  @GuardedBy("lock")
  private void forget(@Nullable Acquired acquired) {
    if (acquired != null && acquired.state == Acquired.State.OUT) {
      in(acquired);
    }
  }

  boolean holdsNothing(ShareMember holder) {
    synchronized (lock) {
      return Stream.concat(open.values().stream(), overtaken.stream())
          .noneMatch(acquired -> acquired.holder == holder);
    }
  }

  /**
   * How many events more can be delivered now.
   *
   * @param taken how many the subscriber would take
   */
  int room(int taken) {
    synchronized (lock) {
      if (outBytes >= policy.maxOutstandingBytes() || heldBytes() >= maxBytes) {
        return 0;
      }
      long waiting = open.values().stream().filter(Acquired::isToBeDelivered).count();
      return (int) (Math.min(taken, policy.maxOutstandingEvents() - outEvents) - waiting);
    }
  }

  /** Bytes of the events that Kafka has given and was not told of. */
  long heldBytes() {
    synchronized (lock) {
      return open.values().stream().mapToLong(acquired -> acquired.event.size()).sum();
    }
  }

  int outEvents() {
    synchronized (lock) {
      return outEvents;
    }
  }
}
