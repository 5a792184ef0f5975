package io.jimbot.eventbus.gateway.schema;

import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The newest of the events that it is given, so many and so many bytes of them. Not thread-safe.
 */
final class LastEvents {

  private final int mostEvents;
  private final long mostBytes;
  private final PriorityQueue<StoredEvent> oldestFirst =
      new PriorityQueue<>(Comparator.comparingLong(StoredEvent::receivedAtMillis));
  private long bytes;
  private long droppedMillis = Long.MIN_VALUE;

  LastEvents(int mostEvents, long mostBytes) {
    this.mostEvents = mostEvents;
    this.mostBytes = mostBytes;
  }

  void add(StoredEvent event) {
    if (event.receivedAtMillis() < droppedMillis) {
      return; // A small one does not fit where a newer one did not.
    }
    oldestFirst.add(event);
    bytes += event.size();
    while (oldestFirst.size() > mostEvents || bytes > mostBytes) {
      StoredEvent oldest = oldestFirst.remove();
      bytes -= oldest.size();
      droppedMillis = oldest.receivedAtMillis();
    }
  }

  /** Whether events from before that time, in milliseconds since 1970, are not wanted any more. */
  boolean isBehind(long millis) {
    StoredEvent oldest = oldestFirst.size() < mostEvents ? null : oldestFirst.peek();
    return millis < droppedMillis || (oldest != null && millis < oldest.receivedAtMillis());
  }

  /** Whether there are fewer than there were to be, as their bytes had no room. */
  boolean isCutShort() {
    return droppedMillis != Long.MIN_VALUE && oldestFirst.size() < mostEvents;
  }

  List<StoredEvent> events() {
    return List.copyOf(oldestFirst);
  }
}
