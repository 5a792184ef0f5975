package io.jimbot.eventbus.gateway.delivery.history;

import io.jimbot.eventbus.gateway.delivery.LogReader;
import io.jimbot.eventbus.gateway.delivery.Places;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.telemetry.HistoryMetrics;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads one page: merges the partitions by the time of receipt, from place to place. Used once, by
 * one thread.
 */
final class PageReader {

  private static final Duration POLL = Duration.ofMillis(100);

  /** So many of a partition lie ready; a fetch may bring some more. */
  private static final int HEAD_EVENTS = 500;

  private final LogReader reader;
  private final HistoryQuery query;
  private final HistorySettings settings;
  private final String log;
  private final long[] next;
  private final long[] end;
  private final HistoryMetrics metrics;

  /** What was read and not looked at yet, of each partition. */
  private final List<Queue<ConsumerRecord<byte[], byte[]>>> heads = new ArrayList<>();

  private final List<StoredEvent> found = new ArrayList<>();
  private long foundBytes;
  private int scanned;

  PageReader(
      LogReader reader,
      HistoryQuery query,
      HistorySettings settings,
      String log,
      long[] next,
      long[] end,
      HistoryMetrics metrics) {
    this.reader = reader;
    this.query = query;
    this.settings = settings;
    this.log = log;
    this.next = next.clone();
    this.end = end.clone();
    this.metrics = metrics;
    for (int partition = 0; partition < end.length; partition++) {
      heads.add(new ArrayDeque<>());
    }
  }

  HistoryPage read() {
    long deadlineNanos = System.nanoTime() + settings.maxTime().toNanos();
    reader.seek(new Places(next));
    while (!isFull() && !isAtEnd() && System.nanoTime() < deadlineNanos) {
      if (needsMore()) {
        poll();
      } else {
        take(oldest());
      }
    }
    HistoryCursor cursor =
        isAtEnd()
            ? null
            : new HistoryCursor(
                ResumeToken.of(log, next), ResumeToken.of(log, end), query.fingerprint());
    return new HistoryPage(found, cursor, null);
  }

  private boolean isFull() {
    return found.size() >= Math.min(query.limit(), settings.maxEvents())
        || foundBytes >= settings.maxSize().toBytes()
        || scanned >= settings.maxScanned();
  }

  private boolean isAtEnd() {
    for (int partition = 0; partition < end.length; partition++) {
      if (next[partition] < end[partition]) {
        return false;
      }
    }
    return true;
  }

  /** Nothing more is fetched of a partition that is read to its end or has enough at hand. */
  private boolean isWanted(int partition) {
    return partition < end.length
        && next[partition] < end[partition]
        && heads.get(partition).size() < HEAD_EVENTS;
  }

  /** Which one is the oldest is known only once every partition shows its next event. */
  private boolean needsMore() {
    for (int partition = 0; partition < end.length; partition++) {
      if (next[partition] < end[partition] && heads.get(partition).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private void poll() {
    for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
      if (record.partition() < end.length && record.offset() < end[record.partition()]) {
        heads.get(record.partition()).add(record);
      }
    }
    long[] position = reader.position();
    reader.pause(partition -> !isWanted(partition));
    for (int partition = 0; partition < end.length; partition++) {
      // Behind the last event there may be offsets that hold none.
      if (heads.get(partition).isEmpty()) {
        next[partition] = Math.max(next[partition], Math.min(position[partition], end[partition]));
      }
    }
  }

  private int oldest() {
    int oldest = -1;
    long time = Long.MAX_VALUE;
    for (int partition = 0; partition < end.length; partition++) {
      ConsumerRecord<byte[], byte[]> head =
          next[partition] < end[partition] ? heads.get(partition).peek() : null;
      if (head != null && (oldest < 0 || head.timestamp() < time)) {
        oldest = partition;
        time = head.timestamp();
      }
    }
    return oldest;
  }

  private void take(int partition) {
    ConsumerRecord<byte[], byte[]> record = heads.get(partition).poll();
    if (record == null) {
      throw new IllegalStateException("no event of partition " + partition);
    }
    next[partition] = Math.min(record.offset() + 1, end[partition]);
    scanned++;
    StoredEvent event = new StoredEvent(record);
    boolean inTime =
        record.offset() < end[partition]
            && record.timestamp() >= query.fromMillis()
            && record.timestamp() < query.toMillis();
    if (!inTime || !query.filter().matches(event)) {
      return;
    }
    if (event.isExpired(System.currentTimeMillis())) {
      metrics.expired();
    } else {
      found.add(event);
      foundBytes += event.size();
    }
  }
}
