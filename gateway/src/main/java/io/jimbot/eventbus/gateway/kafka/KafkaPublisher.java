package io.jimbot.eventbus.gateway.kafka;

import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Stored;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Unavailable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Publisher} on a Kafka producer that the probe makes, replaces and closes. Thread-safe.
 *
 * <p>A boundary class: it keeps the promises "exactly one callback" and "never throws" against
 * whatever the client or a callback does.
 */
final class KafkaPublisher implements Publisher {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaPublisher.class);
  private static final Unavailable STARTING =
      new Unavailable("starting", "the connection to Kafka is being made");

  private final ProduceBreaker breaker;
  private final InFlightRecords inFlight;
  private final LongSupplier nanoClock;

  /**
   * Written by the probe's thread, read by every publishing thread; a record goes to the one or the
   * other, whole.
   */
  private volatile @Nullable Producer<byte[], byte[]> producer;

  KafkaPublisher(ProduceBreaker breaker, InFlightRecords inFlight, LongSupplier nanoClock) {
    this.breaker = breaker;
    this.inFlight = inFlight;
    this.nanoClock = nanoClock;
  }

  @Nullable Producer<byte[], byte[]> producer() {
    return producer;
  }

  void use(@Nullable Producer<byte[], byte[]> replacement) {
    producer = replacement;
  }

  @Override
  public void publish(ProducerRecord<byte[], byte[]> record, PublishCallback callback) {
    Unavailable refusal = breaker.refusal();
    Producer<byte[], byte[]> current = producer;
    if (refusal != null || current == null) {
      tell(callback, refusal != null ? refusal : STARTING);
      return;
    }
    Flight flight = new Flight(callback, nanoClock.getAsLong(), sizeBytes(record));
    inFlight.started(flight.startedNanos, flight.sizeBytes);
    try {
      var unused = current.send(record, flight);
    } catch (RuntimeException e) {
      // Not only Kafka's own: a closed producer throws IllegalStateException.
      flight.failed(e);
    }
  }

  private static int sizeBytes(ProducerRecord<byte[], byte[]> record) {
    int size =
        (record.key() == null ? 0 : record.key().length)
            + (record.value() == null ? 0 : record.value().length);
    for (Header header : record.headers()) {
      size += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return size;
  }

  private static void tell(PublishCallback callback, PublishOutcome outcome) {
    try {
      callback.onOutcome(outcome);
    } catch (RuntimeException | Error e) {
      // Thrown into the sender thread it would hit innocent records.
      LOG.error("bug: a publish callback threw outcome={}", outcome, e);
    }
  }

  /**
   * One record under way; its own value says whether its callback was called, for the client may
   * call or throw twice.
   */
  private final class Flight extends AtomicBoolean implements Callback {

    private static final long serialVersionUID = 1;

    private final transient PublishCallback callback;
    private final long startedNanos;
    private final int sizeBytes;

    Flight(PublishCallback callback, long startedNanos, int sizeBytes) {
      this.callback = callback;
      this.startedNanos = startedNanos;
      this.sizeBytes = sizeBytes;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
      if (failure != null || metadata == null) {
        failed(
            failure != null ? failure : new IllegalStateException("neither metadata nor failure"));
      } else if (compareAndSet(false, true)) {
        inFlight.landed(startedNanos, sizeBytes);
        breaker.acknowledged();
        tell(
            callback, new Stored(metadata.topic(), metadata.partition(), metadata.offset(), false));
      }
    }

    void failed(Exception failure) {
      if (!compareAndSet(false, true)) {
        return;
      }
      inFlight.landed(startedNanos, sizeBytes);
      if (FailureReasons.meansAway(failure)) {
        breaker.failed(startedNanos, FailureReasons.retryable(failure));
      }
      tell(callback, FailureReasons.of(failure));
    }
  }
}
