package io.jimbot.eventbus.bench.delivery;

import io.jimbot.eventbus.bench.RawProducer;
import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A plain producer and plain consumers: what the gateway is measured against. */
final class RawLane implements Lane {

  private final String bootstrapServers;
  private final RawProducer producer;

  RawLane(String bootstrapServers, RawProducer producer) {
    this.bootstrapServers = bootstrapServers;
    this.producer = producer;
  }

  @Override
  public String word() {
    return "raw Kafka";
  }

  @Override
  public Target publisher(Payload payload, int slots) {
    return producer.open(payload, slots);
  }

  @Override
  public AutoCloseable subscribers(int subscribers, Arrivals arrivals) {
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < subscribers; i++) {
      readers.add(new Reader(arrivals));
    }
    return () -> readers.forEach(Reader::close);
  }

  /** One consumer on a thread of its own. */
  private final class Reader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Arrivals arrivals;
    private final Thread thread;

    /** Set by whoever closes, read by the thread. */
    private volatile boolean closed;

    Reader(Arrivals arrivals) {
      this.arrivals = arrivals;
      this.consumer =
          new KafkaConsumer<>(
              Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      List<TopicPartition> partitions =
          consumer.partitionsFor(RawProducer.TOPIC).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
      this.thread = new Thread(this::run, "raw-reader");
      thread.start();
    }

    private void run() {
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> event : consumer.poll(POLL)) {
          arrivals.arrived(NumberedEvents.numberOf(event.value()), System.nanoTime());
        }
      }
      consumer.close();
    }

    @Override
    public void close() {
      closed = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
