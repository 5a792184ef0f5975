package io.jimbot.eventbus.gateway.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The properties of the Kafka clients.
 *
 * @param bootstrapServers comma-separated {@code host:port}
 * @param extra what the operator adds for every client, such as {@code security.protocol}; what the
 *     promises of this product rest on cannot be changed with it
 */
record ClientProperties(String bootstrapServers, Map<String, String> extra) {

  private static final int RECONNECT_MAX_MILLIS = 500;

  /** New partitions are noticed within this time. */
  private static final int TAIL_METADATA_AGE_MILLIS = 30_000;

  /** How long a fetch at the log's end keeps the next seek of a reader waiting. */
  private static final int SEEKING_FETCH_WAIT_MILLIS = 10;

  /** Short, so that a worker knows soon what it has got of what it has asked for. */
  private static final int SHARE_FETCH_WAIT_MILLIS = 150;

  /**
   * A member that holds what it has, and takes nothing, leaves the group after this time and so its
   * partitions to others; it keeps its locks, and joins again when it takes.
   */
  private static final int SHARE_POLL_INTERVAL_MILLIS = 2_000;

  private static final long TEN_YEARS_MILLIS = Duration.ofDays(3650).toMillis();

  Map<String, Object> producer(PublishSettings settings) {
    Map<String, Object> properties = common();
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, "eventbus-gateway");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // Order rests on records of one key going to one partition.
    properties.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
    properties.put(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, false);
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
    // With 0, send fails at once when the metadata is cold or the buffer full, and partitionsFor
    // merely looks.
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    // A topic that is quiet for long must not become cold: the first record after the silence would
    // be refused. The client adds this to the clock, so the largest long would overflow.
    properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, TEN_YEARS_MILLIS);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, settings.linger().toMillis());
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, (int) settings.batchSize().toBytes());
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.compression());
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.bufferMemory().toBytes());
    properties.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, (int) settings.maxRequestSize().toBytes());
    properties.put(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) settings.deliveryTimeout().toMillis());
    properties.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) settings.requestTimeout().toMillis());
    return properties;
  }

  Map<String, Object> admin(String clientId, PublishSettings settings) {
    Map<String, Object> properties = common();
    properties.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
    int timeoutMillis = (int) settings.requestTimeout().toMillis();
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis);
    return properties;
  }

  /** For a consumer that reads what it chooses itself, without a group. */
  Map<String, Object> tail(String clientId, PublishSettings settings) {
    Map<String, Object> properties = common();
    int timeoutMillis = (int) settings.requestTimeout().toMillis();
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // The processor writes in transactions; what it took back must not be delivered.
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Math.min(500, timeoutMillis / 2));
    properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2 * timeoutMillis);
    properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, TAIL_METADATA_AGE_MILLIS);
    return properties;
  }

  /** The same for one that goes from place to place. */
  Map<String, Object> seeking(String clientId, PublishSettings settings) {
    Map<String, Object> properties = tail(clientId, settings);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, SEEKING_FETCH_WAIT_MILLIS);
    return properties;
  }

  /**
   * For a member of a consumer group.
   *
   * @param fetchBytes how much it fetches ahead, from one broker
   */
  Map<String, Object> group(
      String clientId, String group, long fetchBytes, PublishSettings settings) {
    Map<String, Object> properties = tail(clientId, settings);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchLimit(fetchBytes));
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
    return properties;
  }

  /**
   * For a member of a share group, which acknowledges each record itself.
   *
   * @param batch how many records it takes at a time
   * @param fetchBytes how much these may have
   */
  Map<String, Object> share(
      String clientId, String group, int batch, long fetchBytes, PublishSettings settings) {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchLimit(fetchBytes));
    int timeoutMillis = (int) settings.requestTimeout().toMillis();
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    properties.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batch);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, SHARE_POLL_INTERVAL_MILLIS);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, SHARE_FETCH_WAIT_MILLIS);
    properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis);
    return properties;
  }

  /** Kafka's own limit is an int; a batch that is larger by itself comes all the same. */
  private static int fetchLimit(long bytes) {
    return (int) Math.min(ConsumerConfig.DEFAULT_FETCH_MAX_BYTES, bytes);
  }

  private Map<String, Object> common() {
    Map<String, Object> properties = new HashMap<>(extra);
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 50);
    // Recovery is noticed within this time after a broker is back.
    properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MILLIS);
    properties.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 1_000);
    properties.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 4_000);
    return properties;
  }
}
