package io.jimbot.eventbus.gateway.delivery.tail;

import io.jimbot.eventbus.gateway.delivery.Places;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The last events that the shared reader has read, without a gap, up to a number of bytes. Used by
 * that reader's thread; where it begins is read by others.
 */
final class RecentEvents implements Iterable<StoredEvent> {

  /** What an event costs beside its bytes, roughly: record, headers, references. */
  private static final long OVERHEAD_BYTES = 512;

  private final long maxBytes;
  private final ArrayDeque<StoredEvent> events = new ArrayDeque<>();
  private final Places oldest;

  /** Written by the reader's thread, read for the metrics. */
  private volatile long bytes;

  /** Written by the reader's thread when something is forgotten, read by catch-up readers. */
  private volatile long[] begin;

  /**
   * Empty.
   *
   * @param begin the place of the first event to come
   */
  RecentEvents(long maxBytes, long[] begin) {
    this.maxBytes = maxBytes;
    this.oldest = new Places(begin);
    this.begin = begin.clone();
  }

  void add(StoredEvent event) {
    events.add(event);
    long held = bytes + cost(event);
    boolean forgot = false;
    while (held > maxBytes && events.size() > 1) {
      StoredEvent first = events.remove();
      held -= cost(first);
      oldest.advance(first.partition(), first.offset() + 1);
      forgot = true;
    }
    bytes = held;
    if (forgot) {
      begin = oldest.toArray();
    }
  }

  private static long cost(StoredEvent event) {
    return OVERHEAD_BYTES + event.size();
  }

  /** From where on nothing is missing. */
  long[] begin() {
    return begin;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public Iterator<StoredEvent> iterator() {
    return events.iterator();
  }
}
