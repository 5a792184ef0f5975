package io.jimbot.eventbus.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plain Kafka producer that sends the same events as they are: what the gateway is measured
 * against. A request is done when the broker has acknowledged all of its events.
 */
public final class ProducerTarget implements Target {

  private static final Logger LOG = LoggerFactory.getLogger(ProducerTarget.class);

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final Payload payload;
  private final byte[][] keyOfSlot;

  /** Filled by the producer's thread, emptied by the one that drives. */
  private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();

  private record Done(int slot, boolean succeeded, long nanoTime) {}

  /** Makes a producer with these properties. */
  public ProducerTarget(Map<String, Object> properties, String topic, Payload payload, int slots) {
    this.producer = new KafkaProducer<>(properties);
    this.topic = topic;
    this.payload = payload;
    keyOfSlot = new byte[slots][];
    for (int slot = 0; slot < slots; slot++) {
      keyOfSlot[slot] = OrderingKeys.of(slot).getBytes(US_ASCII);
    }
  }

  @Override
  public void send(int slot, long number, long dueNanoTime) {
    List<byte[]> events = payload.request(number).events();
    Flight flight = new Flight(slot, events.size());
    for (byte[] event : events) {
      var unused = producer.send(new ProducerRecord<>(topic, keyOfSlot[slot], event), flight);
    }
  }

  @Override
  public void await(long untilNanoTime, Completion completion) {
    try {
      long nanos = untilNanoTime - System.nanoTime();
      for (Done next = done.poll(nanos, TimeUnit.NANOSECONDS); next != null; next = done.poll()) {
        completion.completed(next.slot(), next.succeeded(), next.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }

  /** The events of one request; told by the producer's thread, or by the one that sends. */
  private final class Flight implements Callback {
    private final int slot;
    private final AtomicInteger missing;

    /** Written before, and read after, the last count down of {@link #missing}. */
    private volatile boolean failed;

    Flight(int slot, int events) {
      this.slot = slot;
      this.missing = new AtomicInteger(events);
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
      if (failure != null) {
        LOG.debug("not acknowledged: {}", failure.toString());
        failed = true;
      }
      if (missing.decrementAndGet() == 0) {
        done.add(new Done(slot, !failed, System.nanoTime()));
      }
    }
  }
}
