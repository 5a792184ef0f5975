package io.jimbot.eventbus.gateway.delivery.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.Leases;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one worker of a queue has from Kafka: filled and emptied by the worker's thread, settled by
 * whoever acknowledges. Thread-safe.
 */
final class AcquiredEvents implements Leases {

  private static final Duration PARK_RETRY = Duration.ofSeconds(1);

  /** Of how many events a repeated acknowledgement is known; some 80 bytes each. */
  private static final int SETTLED = 4_096;

  private final long subscription;
  private final Sieve sieve;
  private final AcknowledgementPolicy policy;
  private final long maxBytes;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final HeldEvents held = new HeldEvents();

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
   * @param sieve what of the events is to be delivered
   * @param maxBytes how many bytes of events it holds before it has no room for more
   */
  AcquiredEvents(long subscription, Sieve sieve, AcknowledgementPolicy policy, long maxBytes) {
    this.subscription = subscription;
    this.sieve = sieve;
    this.policy = policy;
    this.maxBytes = maxBytes;
  }

  /**
   * An event that Kafka gives. If it is wanted, it waits to be {@link #judged}.
   *
   * @param holder the member of the share group that it was given to
   */
  void add(ConsumerRecord<byte[], byte[]> record, ShareMember holder) {
    synchronized (lock) {
      Place place = Place.of(record);
      Acquired acquired = new Acquired(record, holder);
      endDelivery(held.at(place));
      held.add(acquired);
      settled.remove(place);
      sieve.sift(acquired);
    }
  }

  /** What is not known yet to repeat an earlier event, or not to. */
  List<ConsumerRecord<byte[], byte[]>> unjudged() {
    synchronized (lock) {
      return held.all().stream()
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
        Acquired acquired = held.at(Place.of(record));
        if (acquired != null && acquired.state == Acquired.State.UNJUDGED) {
          sieve.judge(acquired, repeats.contains(record));
        }
      }
    }
  }

  @Override
  public @Nullable Delivery next() {
    synchronized (lock) {
      if (outEvents >= policy.maxOutstandingEvents() || outBytes >= policy.maxOutstandingBytes()) {
        return null;
      }
      for (Acquired acquired : held.all()) {
        if (acquired.state == Acquired.State.WAITING && !sieve.settleIfExpired(acquired)) {
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

  @Override
  public Settled settle(AckId id, Settlement settlement) {
    synchronized (lock) {
      Place place = new Place(id.partition(), id.offset());
      Acquired acquired = held.at(place);
      if (acquired == null
          || acquired.attempt != id.delivery()
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
      for (Acquired acquired : held.all()) {
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
      for (Acquired acquired : held.all()) {
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
      return held.takeDecided(holder);
    }
  }

  /** All of a member, whose locks count as not held from now on until they are renewed. */
  List<Acquired> toRenew(ShareMember holder) {
    synchronized (lock) {
      return held.toRenew(holder);
    }
  }

  /**
   * The lock is held again.
   *
   * @return whether the member is known to have the event
   */
  boolean renewed(ConsumerRecord<byte[], byte[]> record, ShareMember holder) {
    synchronized (lock) {
      return held.renewed(Place.of(record), holder);
    }
  }

  /** Forgets what a member holds no more: Kafka gives it to another one. */
  void forgetLost(ShareMember holder) {
    synchronized (lock) {
      held.takeLost(holder).forEach(this::endDelivery);
    }
  }

  /** Forgets what a member had. */
  void forget(ShareMember holder) {
    synchronized (lock) {
      held.takeAll(holder).forEach(this::endDelivery);
    }
  }

  /** What a member has lost is out no more, whoever has it. */
  @GuardedBy("lock")
  private void endDelivery(@Nullable Acquired lost) {
    if (lost != null && lost.state == Acquired.State.OUT) {
      in(lost);
    }
  }

  boolean holdsNothing(ShareMember holder) {
    synchronized (lock) {
      return held.holdsNothing(holder);
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
      long waiting = held.all().stream().filter(Acquired::isToBeDelivered).count();
      return (int) (Math.min(taken, policy.maxOutstandingEvents() - outEvents) - waiting);
    }
  }

  /** Bytes of the events that Kafka has given and was not told of. */
  long heldBytes() {
    synchronized (lock) {
      return held.bytes();
    }
  }

  int outEvents() {
    synchronized (lock) {
      return outEvents;
    }
  }
}
