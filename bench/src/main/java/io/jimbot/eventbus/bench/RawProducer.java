package io.jimbot.eventbus.bench;

import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.ProducerTarget;
import io.jimbot.eventbus.gateway.GatewayConfiguration;
import io.jimbot.eventbus.gateway.kafka.PublishSettings;
import io.jimbot.eventbus.gateway.kafka.TopicShape;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The plain producer: the gateway's settings for batches, on a topic shaped like the gateway's. */
public final class RawProducer {

  /** Where it sends to. */
  public static final String TOPIC = "bench-raw";

  private final String bootstrapServers;
  private final GatewayConfiguration configuration;

  /** With the batching of a gateway with these settings. */
  public RawProducer(String bootstrapServers, GatewayConfiguration configuration) {
    this.bootstrapServers = bootstrapServers;
    this.configuration = configuration;
  }

  /** Makes the topic, if it is not there; returns when it can be written to. */
  public void createTopic() throws IOException {
    TopicShape shape = configuration.topics().events();
    NewTopic topic =
        new NewTopic(TOPIC, Optional.of(shape.partitions()), Optional.empty())
            .configs(
                Map.of(
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    Long.toString(shape.maxMessageSize().toBytes())));
    try (Admin admin =
        Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IOException("topic " + TOPIC + " cannot be made", e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    awaitLeaders(shape.partitions());
  }

  /** A leader that is new may refuse the first batch of a producer and take the second. */
  private void awaitLeaders(int partitions) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.endOffsets(
          IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(TOPIC, i)).toList());
    }
  }

  /** Makes a producer. */
  public ProducerTarget open(Payload payload, int slots) {
    PublishSettings publish = configuration.publish();
    Map<String, Object> properties =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.LINGER_MS_CONFIG,
            publish.linger().toMillis(),
            ProducerConfig.BATCH_SIZE_CONFIG,
            (int) publish.batchSize().toBytes(),
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            publish.compression(),
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            publish.bufferMemory().toBytes(),
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class);
    return new ProducerTarget(properties, TOPIC, payload, slots);
  }
}
