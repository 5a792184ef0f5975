package io.jimbot.eventbus.gateway.kafka;

import io.dropwizard.util.DataSize;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A topic of a test: makes it, writes to it, and makes consumers like the gateway's own. */
record FollowedTopic(String bootstrapServers, String name) {

  private static final PublishSettings SETTINGS =
      new PublishSettings(
          Duration.ofMillis(1),
          DataSize.kibibytes(64),
          "none",
          DataSize.mebibytes(1),
          DataSize.kibibytes(512),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ofSeconds(2));

  void create(int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  void delete() throws Exception {
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(name)).all().get();
    }
  }

  void growTo(int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all().get();
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  void write(int partition, String... values) throws Exception {
    write(partition, Instant.now(), values);
  }

  void write(int partition, Instant time, String... values) throws Exception {
    try (Producer<String, String> producer = producer(Map.of())) {
      for (String value : values) {
        producer
            .send(new ProducerRecord<>(name, partition, time.toEpochMilli(), "key", value))
            .get();
      }
    }
  }

  void writeInTransaction(String value) throws Exception {
    try (Producer<String, String> producer =
        producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(name, 0, "key", value)).get();
      producer.commitTransaction();
    }
  }

  private Producer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }

  /** Hears of new partitions within half a second. */
  Consumer<byte[], byte[]> newConsumer() {
    Map<String, Object> properties =
        new ClientProperties(bootstrapServers, Map.of()).tail("follower", SETTINGS);
    properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 500);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
