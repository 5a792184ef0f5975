package io.jimbot.eventbus.bench.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.HeaderNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The log that is replayed, and plain clients with a replay's settings. For one thread. */
final class BenchLog {

  static final int PARTITIONS = 8;

  private static final int KEYS = 64;
  private static final int VALUE_BYTES = 300;
  private static final Duration POLL = Duration.ofMillis(100);

  private final String bootstrapServers;

  BenchLog(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  void makeTopic(String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin
          .createTopics(List.of(new NewTopic(name, Optional.of(PARTITIONS), Optional.empty())))
          .all()
          .get();
    }
    // A leader that is new may refuse the first batch and take the second.
    count(name);
  }

  /** How many events a topic holds, once every leader has answered. */
  long count(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      long begin = sum(consumer.beginningOffsets(partitions));
      return sum(consumer.endOffsets(partitions)) - begin;
    }
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(offset -> offset).sum();
  }

  /**
   * Fills a topic as a gateway does.
   *
   * @param millis when each event was taken in, in milliseconds since 1970
   */
  void fill(String topic, long[] millis) {
    Random random = new Random(1);
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int i = 0; i < millis.length; i++) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        // As an event's encoding begins; a 0 would begin a frame.
        value[0] = 10;
        byte[] key = ("game-" + i % KEYS).getBytes(UTF_8);
        var unused =
            producer.send(
                new ProducerRecord<>(topic, null, millis[i], key, value, headers(key, i)));
      }
    }
  }

  /** Sends an event at each of some times, counted from now; those that are late at once. */
  void send(String topic, long[] millis) {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      var unused = producer.partitionsFor(topic);
      long startNanos = System.nanoTime();
      for (int i = 0; i < millis.length; i++) {
        long due = startNanos + TimeUnit.MILLISECONDS.toNanos(millis[i] - millis[0]);
        LockSupport.parkNanos(due - System.nanoTime());
        byte[] key = ("game-" + i % KEYS).getBytes(UTF_8);
        var ignored = producer.send(new ProducerRecord<>(topic, key, new byte[VALUE_BYTES]));
      }
    }
  }

  private static RecordHeaders headers(byte[] key, int number) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.EVENT_ID, ("id-" + number).getBytes(UTF_8));
    headers.add(HeaderNames.EVENT_TYPE, "GAME_STATE".getBytes(UTF_8));
    headers.add(HeaderNames.TOPIC, "game.state.update".getBytes(UTF_8));
    headers.add(HeaderNames.SOURCE, "bench".getBytes(UTF_8));
    headers.add(HeaderNames.GAME_ID, key);
    headers.add(HeaderNames.VERSION, "1".getBytes(UTF_8));
    headers.add(HeaderNames.IDEMPOTENCY_KEY, new byte[16]);
    headers.add(HeaderNames.CONTENT_TYPE, "application/x-protobuf".getBytes(UTF_8));
    return headers;
  }

  /** Copies a topic with one consumer and one producer, and returns the nanoseconds it took. */
  long copy(String from, String to, int events) {
    long start = System.nanoTime();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer();
        KafkaProducer<byte[], byte[]> producer = producer()) {
      List<TopicPartition> partitions = partitions(consumer, from);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      int copied = 0;
      while (copied < events) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          var unused =
              producer.send(
                  new ProducerRecord<>(to, null, record.key(), record.value(), record.headers()));
          copied++;
        }
      }
      producer.flush();
      return System.nanoTime() - start;
    }
  }

  static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /** One that sees what is committed, and fetches as a replay does. */
  KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            "read_committed",
            "max.poll.records",
            5_000,
            "auto.offset.reset",
            "earliest"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("acks", "all");
    properties.put("enable.idempotence", true);
    properties.put("compression.type", "lz4");
    properties.put("linger.ms", 5);
    properties.put("batch.size", 128 * 1024);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
