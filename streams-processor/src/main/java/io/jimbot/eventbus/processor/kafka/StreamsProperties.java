package io.jimbot.eventbus.processor.kafka;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;

/** The properties that all topologies run with. Immutable; does no I/O. */
public final class StreamsProperties {

  /** How much longer Kafka keeps windowed state than the store itself: the default is a day. */
  private static final long CHANGELOG_MILLIS_BEYOND_STORE = 60_000;

  private static final int FETCH_BYTES = 4 * 1024 * 1024;

  private final KafkaSettings kafka;
  private final StreamsSettings settings;

  /** For topologies of one process. */
  public StreamsProperties(KafkaSettings kafka, StreamsSettings settings) {
    this.kafka = kafka;
    this.settings = settings;
  }

  /**
   * For the topology of a part.
   *
   * @param failures what the handlers of errors write
   */
  public Properties of(String part, FailedRecords failures) {
    Properties properties = new Properties();
    properties.putAll(new KafkaClients(kafka).common());
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, kafka.topicPrefix() + "-processor-" + part);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, kafka.replicationFactor());
    properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, GuardedBytesSerde.class);
    addHandlers(properties, failures);
    addMemory(properties);
    addClients(properties);
    return properties;
  }

  private static void addHandlers(Properties properties, FailedRecords failures) {
    properties.put(FailedRecords.CONFIG, failures);
    properties.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, UnreadableRecords.class);
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, UnprocessableRecords.class);
    // There is no such thread; Kafka Streams warns of its default all the same.
    properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
    properties.put(
        StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, UnwritableRecords.class);
  }

  private void addMemory(Properties properties) {
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksMemory.class);
    properties.put(RocksMemory.BLOCK_CACHE, settings.blockCache().toBytes());
    properties.put(RocksMemory.WRITE_BUFFERS, settings.writeBuffers().toBytes());
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
    properties.put(
        StreamsConfig.WINDOW_STORE_CHANGE_LOG_ADDITIONAL_RETENTION_MS_CONFIG,
        CHANGELOG_MILLIS_BEYOND_STORE);
  }

  private void addClients(Properties properties) {
    Map<String, Object> consumer =
        Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            (int) settings.sessionTimeout().toMillis(),
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            (int) settings.sessionTimeout().toMillis() / 4,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            FETCH_BYTES);
    consumer.forEach(
        (name, value) -> properties.put(StreamsConfig.mainConsumerPrefix(name), value));
    if (!settings.instanceId().isEmpty()) {
      properties.put(
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
          settings.instanceId());
    }
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        KafkaClients.MAX_REQUEST_BYTES);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
  }
}
