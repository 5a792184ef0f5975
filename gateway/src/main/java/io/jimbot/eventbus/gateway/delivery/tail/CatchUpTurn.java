package io.jimbot.eventbus.gateway.delivery.tail;

import io.jimbot.eventbus.gateway.delivery.LogReader;
import io.jimbot.eventbus.gateway.delivery.Places;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.telemetry.TailMetrics;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a catch-up reader: finds a subscriber's start if need be, then reads on for it until
 * its window is full, it can join the shared reader, or it has had its share. Immutable; safe for
 * several threads, each with a reader of its own.
 */
final class CatchUpTurn {

  private static final Duration POLL = Duration.ofMillis(100);

  /** A turn ends after so many events, so that the others get theirs. */
  private static final int SHARE = 20_000;

  /** And after so many polls in a row that brought none, as when a partition has no leader. */
  private static final int MAX_IDLE_POLLS = 10;

  private final StartPlaces starts;
  private final SharedReader shared;
  private final int repeatKeys;
  private final TailMetrics metrics;

  CatchUpTurn(StartPlaces starts, SharedReader shared, int repeatKeys, TailMetrics metrics) {
    this.starts = starts;
    this.shared = shared;
    this.repeatKeys = repeatKeys;
    this.metrics = metrics;
  }

  /**
   * Takes the turn.
   *
   * @return whether the subscriber needs another one
   */
  boolean take(TailSubscription subscription, LogReader reader) {
    if (subscription.isClosed()) {
      return false;
    }
    try {
      reader.learnPartitions();
      Places places = subscription.places();
      if (places == null) {
        places = begin(subscription, reader);
      }
      return places == null ? !subscription.isClosed() : readOn(subscription, places, reader);
    } catch (OffsetOutOfRangeException e) {
      metrics.refused("out_of_range");
      subscription.end(
          new SubscriptionFault(
              SubscriptionFault.Kind.OUT_OF_RANGE,
              "out_of_range",
              "start",
              "events that were still to come have been deleted, since their time is over: start at earliest instead"));
      return false;
    }
  }

  private @Nullable Places begin(TailSubscription subscription, LogReader reader) {
    StartPlaces.Found found = starts.find(subscription.request().start(), reader);
    SubscriptionFault fault = found.fault();
    if (fault != null) {
      metrics.refused(fault.reason());
      subscription.end(fault);
      return null;
    }
    Places places = new Places(found.places());
    if (subscription.request().deduplicate() && !remember(subscription, places, reader)) {
      return null;
    }
    subscription.begin(places.toArray());
    return places;
  }

  /**
   * What lies shortly before the start, so that its repetitions behind the start are known.
   *
   * @return whether all of it could be read; if not, it is to be read in another turn
   */
  private boolean remember(TailSubscription subscription, Places start, LogReader reader) {
    long[] begin = reader.begin();
    Places from = start.copy();
    for (int partition = 0; partition < begin.length; partition++) {
      long share = Math.max(1, repeatKeys / begin.length);
      from.retreat(partition, Math.max(begin[partition], start.next(partition) - share));
    }
    reader.seek(from);
    int idle = 0;
    while (!new Places(reader.position()).reaches(start.toArray())) {
      ConsumerRecords<byte[], byte[]> events = reader.poll(POLL);
      idle = events.isEmpty() ? idle + 1 : 0;
      if (idle == MAX_IDLE_POLLS || subscription.isClosed()) {
        return false;
      }
      for (ConsumerRecord<byte[], byte[]> event : events) {
        if (event.offset() < start.next(event.partition())) {
          subscription.remember(new StoredEvent(event));
        }
      }
    }
    return true;
  }

  private boolean readOn(TailSubscription subscription, Places places, LogReader reader) {
    long[] recent = shared.recentBegin();
    if (recent != null && places.reaches(recent)) {
      shared.joinAtEnd(subscription);
      return false;
    }
    reader.seek(places);
    int share = SHARE;
    int idle = 0;
    while (share > 0 && idle < MAX_IDLE_POLLS && !subscription.isClosed()) {
      ConsumerRecords<byte[], byte[]> events = reader.poll(POLL);
      metrics.readByCatchUp(events.count());
      share -= events.count();
      idle = events.isEmpty() ? idle + 1 : 0;
      boolean room = feed(subscription, events);
      if (room) {
        subscription.advance(reader.position());
      }
      subscription.pass();
      if (!room) {
        return false;
      }
      if (hasCaughtUp(reader)) {
        shared.joinAtEnd(subscription);
        return false;
      }
    }
    return !subscription.isClosed();
  }

  private boolean feed(TailSubscription subscription, ConsumerRecords<byte[], byte[]> events) {
    for (ConsumerRecord<byte[], byte[]> record : events) {
      StoredEvent event = new StoredEvent(record);
      if (!event.isEvent()) {
        metrics.unreadable();
      }
      if (subscription.request().filter().matches(event) && !subscription.take(event)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasCaughtUp(LogReader reader) {
    long[] recent = shared.recentBegin();
    return recent == null ? reader.lag() == 0 : new Places(reader.position()).reaches(recent);
  }
}
