package io.jimbot.eventbus.service.migration;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the Kafka clients of a migration; whoever calls closes them. Immutable. */
final class MigrationClients {

  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int TRANSACTION_TIMEOUT_MILLIS = 60_000;
  private static final int MAX_REQUEST_BYTES = 16 * 1024 * 1024;

  private final Map<String, Object> properties;
  private final String name;
  private final int mostRecords;

  /**
   * @param properties where Kafka is, and what else all clients need
   * @param name of the group that keeps the place, and of the transactions: a second run ends those
   *     of a first
   * @param mostRecords in one transaction
   */
  MigrationClients(Map<String, Object> properties, String name, int mostRecords) {
    this.properties = Map.copyOf(properties);
    this.name = name;
    this.mostRecords = mostRecords;
  }

  private Map<String, Object> common() {
    Map<String, Object> common = new HashMap<>(properties);
    common.put(CommonClientConfigs.CLIENT_ID_CONFIG, name);
    common.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS / 2);
    common.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    return common;
  }

  Admin admin() {
    return Admin.create(common());
  }

  /** Sees what was committed, is told what to read, and commits nothing by itself. */
  Consumer<byte[], byte[]> consumer() {
    Map<String, Object> consumer = common();
    consumer.put(ConsumerConfig.GROUP_ID_CONFIG, name);
    consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, mostRecords);
    return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  Producer<byte[], byte[]> producer() {
    Map<String, Object> producer = common();
    producer.remove(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG);
    producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
    producer.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
    producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
    producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    producer.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    return new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
