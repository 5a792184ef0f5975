package io.jimbot.eventbus.gateway.delivery.history;

import io.jimbot.eventbus.gateway.delivery.GuardedSubscriptions;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.telemetry.HistoryMetrics;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads back what the log holds, and what class topics hold that it does not hold any more, a page
 * at a time, on some daemon threads {@code history-*} with a consumer each. Thread-safe; whoever
 * made it closes it.
 */
public final class History implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(History.class);
  private static final long IDLE_MILLIS = 500;
  private static final Duration CONSUMER_CLOSE_PATIENCE = Duration.ofSeconds(1);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private final HistoryPages pages;
  private final IntFunction<Consumer<byte[], byte[]>> consumers;
  private final HistoryMetrics metrics;
  private final BlockingQueue<Request> requests;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);

  /** A question, and who waits for the answer. */
  private record Request(HistoryQuery query, CompletableFuture<HistoryPage> answer) {}

  /**
   * Does no I/O.
   *
   * @param topics the log and the class topics
   * @param consumers makes the consumer of a thread, by its number from 0; one without a group that
   *     throws if there is no such offset
   */
  public History(
      HistorySettings settings,
      KafkaTopics topics,
      IntFunction<Consumer<byte[], byte[]>> consumers,
      HistoryMetrics metrics) {
    this.pages = new HistoryPages(settings, topics, metrics);
    this.consumers = consumers;
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
    @Nullable Consumer<byte[], byte[]> consumer = null;
    try {
      consumer = consumers.apply(number);
      while (request != null && stop.getCount() > 0) {
        long startNanos = System.nanoTime();
        HistoryPage page = pages.read(request.query(), consumer);
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
    } finally {
      if (consumer != null) {
        close(consumer);
      }
    }
  }

  /** Nobody else would catch what that throws, and the thread would be gone for good. */
  private static void close(Consumer<byte[], byte[]> consumer) {
    try {
      consumer.close(CloseOptions.timeout(CONSUMER_CLOSE_PATIENCE));
    } catch (KafkaException e) {
      LOG.warn("a consumer of history did not close cleanly error={}", e.toString());
    }
  }

  private void refuse(@Nullable Request request, SubscriptionFault fault) {
    metrics.refused();
    if (request != null) {
      request.answer().complete(HistoryPage.refused(fault));
    }
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
