package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.processor.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the Kafka clients of replays; whoever calls closes them. All that read see only what was
 * committed. Thread-safe.
 */
final class ReplayClients {

  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int DELIVERY_TIMEOUT_MILLIS = 30_000;
  private static final int MAX_POLL_RECORDS = 5_000;
  private static final int FETCH_WAIT_MILLIS = 50;
  private static final int LINGER_MILLIS = 5;
  private static final int BATCH_BYTES = 128 * 1024;

  private final KafkaClients clients;
  private final String prefix;
  private final ReplaySettings settings;

  /**
   * Does no I/O.
   *
   * @param prefix what groups and transactional ids begin with
   */
  ReplayClients(KafkaClients clients, String prefix, ReplaySettings settings) {
    this.clients = clients;
    this.prefix = prefix;
    this.settings = settings;
  }

  Admin admin() {
    return clients.newAdmin(prefix + "-replay-admin");
  }

  /** The member of the group that shares the jobs out. */
  Consumer<byte[], byte[]> jobsConsumer() {
    Map<String, Object> properties = consumer("jobs");
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, prefix + "-processor-replay");
    // The protocol in which the member itself says after how much silence it counts as dead.
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    int sessionMillis = (int) settings.sessionTimeout().toMillis();
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionMillis);
    properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, sessionMillis / 4);
    // A replay that goes on at the same processor is not interrupted when another one comes.
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return newConsumer(properties);
  }

  /** Reads what it is told to, without a group. */
  Consumer<byte[], byte[]> reader(String name, int partitions) {
    Map<String, Object> properties = consumer(name);
    long bytes = settings.bufferSize().toBytes();
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, (int) Math.min(bytes, 50 << 20));
    properties.put(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        (int) Math.max(64 << 10, Math.min(1 << 20, bytes / Math.max(1, partitions))));
    return newConsumer(properties);
  }

  /**
   * The producers of a replay, which take turns. Kafka takes nothing any more from those that were
   * before, once the new ones have initialised their transactions, the first one first.
   */
  List<Producer<byte[], byte[]>> producers(String replayId) {
    String name = prefix + "-replay-" + replayId;
    // No replay has a slash in its id.
    return List.of(producer(name), producer(name + "/2"), producer(name + "/3"));
  }

  private Producer<byte[], byte[]> producer(String name) {
    Map<String, Object> properties = clients.producer(name);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
    properties.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) settings.transactionTimeout().toMillis());
    // Order rests on records of one key going to one partition.
    properties.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
    properties.put(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, false);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> consumer(String name) {
    Map<String, Object> properties = clients.consumer(prefix + "-replay-" + name);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
    properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    return properties;
  }

  private static Consumer<byte[], byte[]> newConsumer(Map<String, Object> properties) {
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** How long the closing of a client may take. */
  static Duration closeTimeout() {
    return Duration.ofSeconds(2);
  }
}
