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

  LastEvents(int mostEvents, long mostBytes) {
    this.mostEvents = mostEvents;
    this.mostBytes = mostBytes;
  }

  void add(StoredEvent event) {
    oldestFirst.add(event);
    bytes += event.size();
    while (oldestFirst.size() > mostEvents || bytes > mostBytes) {
      bytes -= oldestFirst.remove().size();
    }
  }

  List<StoredEvent> events() {
    return List.copyOf(oldestFirst);
  }
}
