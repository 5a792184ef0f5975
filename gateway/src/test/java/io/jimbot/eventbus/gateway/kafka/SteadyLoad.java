package io.jimbot.eventbus.gateway.kafka;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes some hundred records a second, and counts what becomes of them and how long it takes.
 */
final class SteadyLoad implements AutoCloseable {

  private final Publisher publisher;
  private final String topic;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong toldTwice = new AtomicLong();
  private final AtomicLong slowestCallNanos = new AtomicLong();
  private final AtomicLong slowestAnswerNanos = new AtomicLong();

  SteadyLoad(Publisher publisher, String topic) {
    this.publisher = publisher;
    this.topic = topic;
    var unused = thread.scheduleWithFixedDelay(this::publish, 0, 2, TimeUnit.MILLISECONDS);
  }

  private void publish() {
    long started = System.nanoTime();
    AtomicBoolean told = new AtomicBoolean();
    published.incrementAndGet();
    publisher.publish(
        new ProducerRecord<>(topic, new byte[200]),
        outcome -> {
          if (told.getAndSet(true)) {
            toldTwice.incrementAndGet();
          }
          slowestAnswerNanos.accumulateAndGet(System.nanoTime() - started, Math::max);
          outcome.match(s -> stored, u -> refused, i -> refused).incrementAndGet();
        });
    slowestCallNanos.accumulateAndGet(System.nanoTime() - started, Math::max);
  }

  /** No new records. */
  void finish() throws InterruptedException {
    thread.shutdown();
    boolean unused = thread.awaitTermination(5, TimeUnit.SECONDS);
  }

  long stored() {
    return stored.get();
  }

  long refused() {
    return refused.get();
  }

  long open() {
    return published.get() - stored.get() - refused.get();
  }

  long toldTwice() {
    return toldTwice.get();
  }

  Duration slowestCall() {
    return Duration.ofNanos(slowestCallNanos.get());
  }

  Duration slowestAnswer() {
    return Duration.ofNanos(slowestAnswerNanos.get());
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
