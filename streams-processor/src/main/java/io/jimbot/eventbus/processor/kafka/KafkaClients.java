package io.jimbot.eventbus.processor.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Properties and makers of the processor's Kafka clients. Immutable; does no I/O by itself. */
public final class KafkaClients {

  /** The largest record of the bus, a dead letter around a whole body, with room to spare. */
  public static final int MAX_REQUEST_BYTES = 16 * 1024 * 1024;

  private static final int ADMIN_TIMEOUT_MILLIS = 10_000;
  private static final int RECONNECT_MAX_MILLIS = 500;

  private final KafkaSettings settings;

  /** Clients of that Kafka. */
  public KafkaClients(KafkaSettings settings) {
    this.settings = settings;
  }

  /** What all clients have in common. */
  public Map<String, Object> common() {
    Map<String, Object> properties = new HashMap<>(settings.client());
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 50);
    properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MILLIS);
    return properties;
  }

  /** A consumer that sees only what was committed and commits nothing by itself. */
  public Map<String, Object> consumer(String clientId) {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return properties;
  }

  /** A producer whose records are acknowledged by all copies and stored once. */
  public Map<String, Object> producer(String clientId) {
    Map<String, Object> properties = common();
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    return properties;
  }

  /** An admin client whose calls are bounded by ten seconds. Whoever calls closes it. */
  public Admin newAdmin(String clientId) {
    Map<String, Object> properties = common();
    properties.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS / 2);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
    return Admin.create(properties);
  }
}
