package io.jimbot.eventbus.gateway.delivery.history;

import io.jimbot.eventbus.gateway.telemetry.HistoryMetrics;
import io.jimbot.eventbus.service.kept.Lane;
import io.jimbot.eventbus.service.kept.LaneReader;
import io.jimbot.eventbus.service.kept.Stretch;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads one page: what a reader gives, as far as it is wanted, until a limit is reached. Used once,
 * by one thread.
 */
final class PageReader {

  private static final Duration POLL = Duration.ofMillis(100);

  private final LaneReader reader;
  private final HistoryQuery query;
  private final HistorySettings settings;
  private final String log;
  private final HistoryMetrics metrics;

  private final List<StoredEvent> found = new ArrayList<>();
  private long foundBytes;
  private int scanned;
  private long latestMillis;

  /**
   * Begins where the reader stands.
   *
   * @param sinceMillis when the latest event of the pages before was taken in
   */
  PageReader(
      LaneReader reader,
      HistoryQuery query,
      HistorySettings settings,
      String log,
      long sinceMillis,
      HistoryMetrics metrics) {
    this.reader = reader;
    this.query = query;
    this.settings = settings;
    this.log = log;
    this.latestMillis = sinceMillis;
    this.metrics = metrics;
  }

  /**
   * Reads it.
   *
   * @throws TimeoutException if nothing at all can be read, as while a partition has no leader: an
   *     empty page would send its reader round for ever
   */
  HistoryPage read() {
    long deadlineNanos = System.nanoTime() + settings.maxTime().toNanos();
    while (!isFull() && !reader.isAtEnd() && System.nanoTime() < deadlineNanos) {
      if (reader.hasNext(POLL)) {
        take();
      }
    }
    if (scanned == 0 && !reader.isAtEnd()) {
      throw new TimeoutException("nothing could be read within " + settings.maxTime());
    }
    return new HistoryPage(found, reader.isAtEnd() ? null : cursor(), null);
  }

  /** All of the log is named, since it tells what comes from class topics. */
  private HistoryCursor cursor() {
    List<Stretch> open =
        reader.places().stream().filter(place -> place.isOf(log) || !place.isDone()).toList();
    return new HistoryCursor(open, latestMillis, query.fingerprint());
  }

  private boolean isFull() {
    return found.size() >= Math.min(query.limit(), settings.maxEvents())
        || foundBytes >= settings.maxSize().toBytes()
        || scanned >= settings.maxScanned();
  }

  private void take() {
    Lane lane = reader.next();
    ConsumerRecord<byte[], byte[]> record = lane.head();
    latestMillis = Math.max(latestMillis, record.timestamp());
    scanned++;
    if (reader.belongs() && isInTime(record)) {
      StoredEvent event = new StoredEvent(record, lane.headOrigin());
      if (query.filter().matches(event)) {
        add(event);
      }
    }
    reader.take();
  }

  private boolean isInTime(ConsumerRecord<byte[], byte[]> record) {
    return record.timestamp() >= query.fromMillis() && record.timestamp() < query.toMillis();
  }

  private void add(StoredEvent event) {
    if (event.isExpired(System.currentTimeMillis())) {
      metrics.expired();
    } else {
      found.add(event);
      foundBytes += event.size();
    }
  }
}
