package io.jimbot.eventbus.gateway.delivery.history;

import io.jimbot.eventbus.gateway.delivery.GuardedSubscriptions;
import io.jimbot.eventbus.gateway.delivery.LogReader;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.telemetry.HistoryMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads back what the log holds, a page at a time, on some daemon threads {@code history-*} with a
 * consumer each. Thread-safe; whoever made it closes it.
 */
public final class History implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(History.class);
  private static final long IDLE_MILLIS = 500;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private final HistorySettings settings;
  private final String log;
  private final IntFunction<LogReader> readers;
  private final HistoryMetrics metrics;
  private final BlockingQueue<Request> requests;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);

  /** A question, and who waits for the answer. */
  private record Request(HistoryQuery query, CompletableFuture<HistoryPage> answer) {}

  /**
   * Does no I/O.
   *
   * @param log the Kafka topic of the log
   * @param readers makes the consumer of a thread, by its number from 0
   */
  public History(
      HistorySettings settings,
      String log,
      IntFunction<LogReader> readers,
      HistoryMetrics metrics) {
    this.settings = settings;
    this.log = log;
    this.readers = readers;
    this.metrics = metrics;
    this.requests = new ArrayBlockingQueue<>(settings.maxWaiting());
    for (int i = 0; i < settings.readers(); i++) {
      int number = i;
      Thread thread = new Thread(() -> run(number), "history-" + number);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  /** Starts the threads, and returns. */
  public void start() {
    threads.forEach(Thread::start);
  }

  /**
   * Asks for a page. Never blocks; the answer comes on one of the threads, and is a page with a
   * fault rather than an exception if it cannot be had.
   */
  public CompletableFuture<HistoryPage> read(HistoryQuery query) {
    CompletableFuture<HistoryPage> answer = new CompletableFuture<>();
    if (!requests.offer(new Request(query, answer))) {
      metrics.refused();
      answer.complete(
          HistoryPage.refused(
              new SubscriptionFault(
                  SubscriptionFault.Kind.UNAVAILABLE,
                  "busy",
                  "",
                  "too many requests for history wait")));
    }
    return answer;
  }

  private void run(int number) {
    try {
      while (stop.getCount() > 0) {
        Request next = requests.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          serve(next, number);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("history reader interrupted number={}", number);
    }
  }

  /** With one consumer as long as somebody asks. */
  private void serve(Request first, int number) throws InterruptedException {
    Request request = first;
    try (LogReader reader = readers.apply(number)) {
      while (request != null && stop.getCount() > 0) {
        long startNanos = System.nanoTime();
        HistoryPage page = page(request.query(), reader);
        metrics.page(page.events().size(), System.nanoTime() - startNanos);
        request.answer().complete(page);
        request = requests.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (KafkaException e) {
      LOG.warn("history cannot be read error={}", e.toString());
      refuse(
          request,
          new SubscriptionFault(
              SubscriptionFault.Kind.UNAVAILABLE, "kafka_unreachable", "", "Kafka is away"));
    } catch (RuntimeException bug) {
      refuse(request, GuardedSubscriptions.bug("a history reader threw", bug));
    }
  }

  private void refuse(@Nullable Request request, SubscriptionFault fault) {
    metrics.refused();
    if (request != null) {
      request.answer().complete(HistoryPage.refused(fault));
    }
  }

  private HistoryPage page(HistoryQuery query, LogReader reader) {
    int partitions = reader.learnPartitions();
    HistoryCursor cursor = query.cursor();
    if (cursor != null) {
      return resume(query, cursor, partitions, reader);
    }
    long[] next = reader.at(query.fromMillis());
    long[] end = query.toMillis() == Long.MAX_VALUE ? reader.end() : reader.at(query.toMillis());
    return new PageReader(reader, query, settings, log, next, end, metrics).read();
  }

  private HistoryPage resume(
      HistoryQuery query, HistoryCursor cursor, int partitions, LogReader reader) {
    String wrong = fault(query, cursor, partitions);
    if (wrong != null) {
      return invalid(wrong);
    }
    long[] begin = reader.begin();
    long[] logEnd = reader.end();
    long[] next = new long[cursor.end().partitions()];
    long[] end = new long[next.length];
    for (int partition = 0; partition < next.length; partition++) {
      // What retention has deleted since the last page is no longer to be had.
      next[partition] = Math.max(begin[partition], cursor.next().next(partition));
      end[partition] = Math.max(next[partition], cursor.end().next(partition));
      if (end[partition] > logEnd[partition]) {
        return invalid("the cursor is of another log: this one does not go that far");
      }
    }
    return new PageReader(reader, query, settings, log, next, end, metrics).read();
  }

  private static HistoryPage invalid(String message) {
    return HistoryPage.refused(
        new SubscriptionFault(SubscriptionFault.Kind.INVALID, "invalid", "cursor", message));
  }

  private @Nullable String fault(HistoryQuery query, HistoryCursor cursor, int partitions) {
    if (!cursor.next().isOf(log)
        || !cursor.end().isOf(log)
        || cursor.end().partitions() > partitions
        || cursor.next().partitions() != cursor.end().partitions()) {
      return "the cursor is of another log";
    }
    return cursor.fingerprint() == query.fingerprint()
        ? null
        : "the cursor is of another question: ask for its next page with the same parameters";
  }

  /** Ends the threads; bounded, may be called twice. Requests that wait get no answer. */
  @Override
  public void close() {
    stop.countDown();
    long deadline = System.nanoTime() + CLOSE_PATIENCE.toNanos();
    try {
      for (Thread thread : threads) {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      LOG.debug("interrupted while the history readers end");
      Thread.currentThread().interrupt();
    }
  }
}
