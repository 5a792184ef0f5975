package io.jimbot.eventbus.gateway.delay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.telemetry.DelayMetrics;
import io.jimbot.eventbus.service.delay.DelayedRecordKind;
import io.jimbot.events.v1.CancellationReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Puts requests to cancel into every partition of the topic of delayed events, and waits for what
 * the processor reports. Thread-safe.
 */
final class CancellationDesk implements Cancellations {

  private static final int MOST_PENDING = 10_000;

  private final String topic;
  private final Publisher publisher;
  private final IntSupplier partitions;
  private final Duration timeout;
  private final ScheduledExecutorService timer;
  private final DelayMetrics metrics;
  private final Map<String, PendingCancellation> pending = new ConcurrentHashMap<>();

  /**
   * Holds none.
   *
   * @param partitions how many the topic has; 0 while that is not known
   */
  CancellationDesk(
      String topic,
      Publisher publisher,
      IntSupplier partitions,
      Duration timeout,
      ScheduledExecutorService timer,
      DelayMetrics metrics) {
    this.topic = topic;
    this.publisher = publisher;
    this.partitions = partitions;
    this.timeout = timeout;
    this.timer = timer;
    this.metrics = metrics;
  }

  @Override
  public CompletableFuture<Cancellation> cancel(String eventId) {
    int count = partitions.getAsInt();
    if (count == 0 || pending.size() >= MOST_PENDING) {
      metrics.cancellation(Cancellation.Result.UNAVAILABLE.name());
      return CompletableFuture.completedFuture(
          new Cancellation(Cancellation.Result.UNAVAILABLE, 0));
    }
    String id = UUID.randomUUID().toString();
    PendingCancellation request = new PendingCancellation(count);
    pending.put(id, request);
    for (int partition = 0; partition < count; partition++) {
      publisher.publish(
          record(partition, eventId, id),
          outcome -> outcome.handle(s -> {}, u -> request.failed(), i -> request.failed()));
    }
    var deadline = timer.schedule(request::giveUp, timeout.toMillis(), TimeUnit.MILLISECONDS);
    return request
        .answer()
        .whenComplete(
            (answer, failure) -> {
              pending.remove(id);
              deadline.cancel(false);
              metrics.cancellation(answer.result().name());
            });
  }

  private ProducerRecord<byte[], byte[]> record(int partition, String eventId, String requestId) {
    return new ProducerRecord<>(
        topic,
        partition,
        eventId.getBytes(UTF_8),
        requestId.getBytes(UTF_8),
        List.of(DelayedRecordKind.CANCEL.header()));
  }

  /** The processor has answered for one partition. */
  void report(CancellationReport report) {
    PendingCancellation request = pending.get(report.getCancellationId());
    if (request != null) {
      request.report(report);
    }
  }
}
