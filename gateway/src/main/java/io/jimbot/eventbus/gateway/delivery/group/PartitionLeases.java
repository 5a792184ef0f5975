package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a group member knows of one partition: which events are delivered, waiting, failed or
 * settled, and so what may be delivered next and what may be committed. Knows no Kafka and no
 * thread; not thread-safe.
 *
 * <p>Order: the events of one key are delivered in the order of the log, several at a time. When
 * one fails, nothing of its key behind it is delivered until it is settled or delivered again; what
 * of it is delivered already may still be acknowledged, and else is delivered again behind it. In
 * strict order one at a time is delivered. Other keys are not held up.
 */
final class PartitionLeases {

  private static final Duration PARK_RETRY = Duration.ofSeconds(1);

  private final AcknowledgementPolicy policy;
  private final CommitNote note;
  private final IntSupplier numbers;
  private final NavigableMap<Long, Lease> open = new TreeMap<>();
  private final Map<ByteBuffer, KeyLine> byKey = new HashMap<>();
  private int heldUpKeys;
  private int heldBackEvents;

  /** Those that may be delivered now. */
  private final TreeSet<Long> deliverable = new TreeSet<>();

  /** What is beyond here was never seen. */
  private long readTo;

  /** When deliveries fail, and when those that have failed may be delivered again. */
  private final Deadlines deadlines = new Deadlines();

  /** When those that are on their way to the dead letters are sent there. */
  private final Deadlines parking = new Deadlines();

  private long openBytes;
  private int outEvents;
  private long outBytes;

  /**
   * Begins at a committed place.
   *
   * @param offset everything before it is settled
   * @param note what is settled beyond it
   * @param numbers gives each delivery a number that no other of the member has, not 0
   */
  PartitionLeases(AcknowledgementPolicy policy, long offset, CommitNote note, IntSupplier numbers) {
    this.policy = policy;
    this.readTo = offset;
    this.note = note;
    this.numbers = numbers;
  }

  /** Takes an event that the group wants, in the order of the log. */
  void add(StoredEvent event) {
    if (!isNew(event.offset())) {
      return;
    }
    readTo = event.offset() + 1;
    if (note.isSettled(event.offset())) {
      return;
    }
    Lease lease = new Lease(event, note.failures(event.offset()));
    open.put(event.offset(), lease);
    openBytes += event.size();
    KeyLine line = byKey.computeIfAbsent(lease.key, key -> new KeyLine(policy.strictOrder()));
    uncount(line);
    line.add(lease, deliverable);
    count(line);
  }

  private void uncount(KeyLine line) {
    heldBackEvents -= line.heldBack();
    heldUpKeys -= line.isHeldUp() ? 1 : 0;
  }

  private void count(KeyLine line) {
    heldBackEvents += line.heldBack();
    heldUpKeys += line.isHeldUp() ? 1 : 0;
  }

  /** Whether nothing of the partition was read that far. */
  boolean isNew(long offset) {
    return offset >= readTo;
  }

  /**
   * Everything up to an offset that was not added is not wanted.
   *
   * @return how many offsets that are
   */
  long advance(long next) {
    long passed = Math.max(0, next - readTo);
    readTo += passed;
    return passed;
  }

  /** How many events are not settled. */
  int openEvents() {
    return open.size();
  }

  /** How many bytes these have. */
  long openBytes() {
    return openBytes;
  }

  /** How many are delivered and not settled. */
  int outEvents() {
    return outEvents;
  }

  long outBytes() {
    return outBytes;
  }

  /** How far beyond the oldest unsettled event the partition was read. */
  long span() {
    return readTo - committable();
  }

  /** How many events wait for one of their key: that has failed, or in strict order for any. */
  int heldBackEvents() {
    return heldBackEvents;
  }

  /** How many keys wait for one of their events that has failed. */
  int heldUpKeys() {
    return heldUpKeys;
  }

  /** The next event to deliver, which counts as delivered then; null if there is none. */
  @Nullable Lease next(long nowNanos) {
    Long offset = deliverable.pollFirst();
    if (offset == null) {
      return null;
    }
    Lease lease = open.get(offset);
    if (lease == null) {
      throw new IllegalStateException("deliverable but not open: offset " + offset);
    }
    lease.state = Lease.State.OUT;
    deadlines.set(lease, nowNanos + policy.timeout().toNanos());
    lease.delivery = numbers.getAsInt();
    outEvents++;
    outBytes += lease.event.size();
    return lease;
  }

  /** Counts an event as settled, since nobody is to get it any more. */
  void drop(Lease lease) {
    remove(lease);
  }

  /**
   * Settles a delivery.
   *
   * @param delivery its number
   */
  Settled settle(long offset, int delivery, Settlement settlement, long nowNanos, long nowMillis) {
    Lease lease = open.get(offset);
    if (lease == null) {
      return offset < readTo ? Settled.DONE : Settled.EXPIRED;
    }
    if (settlement instanceof Settlement.Acknowledge || settlement instanceof Settlement.Skip) {
      remove(lease);
      return Settled.DONE;
    }
    if (lease.state != Lease.State.OUT || lease.delivery != delivery) {
      return Settled.EXPIRED;
    }
    if (settlement instanceof Settlement.Extend extend) {
      deadlines.set(lease, nowNanos + extend.by().toNanos());
    } else if (settlement instanceof Settlement.Park park) {
      fail(lease, park.reason(), nowMillis);
      park(lease, DeadLetterReason.PARKED, nowNanos);
    } else if (settlement instanceof Settlement.Retry retry) {
      fail(lease, retry.reason(), nowMillis);
      retryOrPark(lease, retry.delay(), nowNanos);
    }
    return Settled.DONE;
  }

  private void fail(Lease lease, String message, long nowMillis) {
    recall(lease);
    lease.failures++;
    lease.message = message;
    lease.firstFailedMillis = lease.firstFailedMillis == 0 ? nowMillis : lease.firstFailedMillis;
    lease.lastFailedMillis = nowMillis;
    // What is delivered of the key behind it comes again behind it, unless it is acknowledged.
    line(lease).behind(lease).forEach(this::recall);
  }

  private void recall(Lease lease) {
    if (lease.state == Lease.State.OUT) {
      lease.state = Lease.State.WAITING;
      deadlines.clear(lease);
      outEvents--;
      outBytes -= lease.event.size();
    }
  }

  private void retryOrPark(Lease lease, @Nullable Duration delay, long nowNanos) {
    if (lease.failures >= policy.maxAttempts()) {
      park(lease, DeadLetterReason.ATTEMPTS_EXHAUSTED, nowNanos);
    } else {
      Duration wait = delay == null ? policy.backoff(lease.failures) : delay;
      lease.state = Lease.State.BACKOFF;
      deadlines.set(lease, nowNanos + wait.toNanos());
      refresh(lease);
    }
  }

  private void park(Lease lease, DeadLetterReason reason, long nowNanos) {
    lease.state = Lease.State.GIVEN_UP;
    lease.parkReason = reason;
    parking.set(lease, nowNanos);
    refresh(lease);
  }

  private KeyLine line(Lease lease) {
    KeyLine line = byKey.get(lease.key);
    if (line == null) {
      throw new IllegalStateException("open but in no line: offset " + lease.event.offset());
    }
    return line;
  }

  /** Finds anew what of a key may be delivered. */
  private void refresh(Lease changed) {
    KeyLine line = line(changed);
    uncount(line);
    line.refresh(deliverable);
    count(line);
  }

  private void remove(Lease lease) {
    recall(lease);
    open.remove(lease.event.offset());
    deadlines.clear(lease);
    parking.clear(lease);
    openBytes -= lease.event.size();
    KeyLine line = line(lease);
    uncount(line);
    line.remove(lease, deliverable);
    count(line);
    if (line.isEmpty()) {
      byKey.remove(lease.key);
    }
  }

  /**
   * Lets time pass: deliveries that were not acknowledged fail, and those that have waited long
   * enough may be delivered again.
   *
   * @return how many failed
   */
  int tick(long nowNanos, long nowMillis) {
    int failed = 0;
    Lease due = deadlines.pollDue(nowNanos);
    while (due != null) {
      if (due.state == Lease.State.OUT) {
        fail(due, "not acknowledged in time", nowMillis);
        retryOrPark(due, null, nowNanos);
        failed++;
      } else {
        due.state = Lease.State.WAITING;
        refresh(due);
      }
      due = deadlines.pollDue(nowNanos);
    }
    return failed;
  }

  /** What is to go to the dead letters now, and is on its way there from now on. */
  List<Lease> toPark(long nowNanos) {
    List<Lease> due = new ArrayList<>();
    Lease lease = parking.pollDue(nowNanos);
    while (lease != null) {
      lease.state = Lease.State.PARKING;
      due.add(lease);
      lease = parking.pollDue(nowNanos);
    }
    return due;
  }

  /** An event lies in the dead letters. */
  void parked(long offset) {
    Lease lease = open.get(offset);
    if (lease != null && lease.state == Lease.State.PARKING) {
      remove(lease);
    }
  }

  /** An event could not be put into the dead letters; it is tried again a little later. */
  void notParked(long offset, long nowNanos) {
    Lease lease = open.get(offset);
    if (lease != null && lease.state == Lease.State.PARKING) {
      lease.state = Lease.State.GIVEN_UP;
      parking.set(lease, nowNanos + PARK_RETRY.toNanos());
    }
  }

  /** The offset before which everything is settled. */
  long committable() {
    return open.isEmpty() ? readTo : open.firstKey();
  }

  /** What is settled beyond {@link #committable}. */
  CommitNote note() {
    return note.after(open.values(), readTo);
  }
}
