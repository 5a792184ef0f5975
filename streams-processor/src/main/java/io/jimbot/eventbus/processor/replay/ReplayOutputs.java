package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that replays write into. Thread-safe; every method blocks, within the admin client's
 * timeout, and throws a {@link KafkaException} if Kafka does not do it.
 */
final class ReplayOutputs {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayOutputs.class);

  /** What a replayed event says more than the original. */
  private static final long HEADER_BYTES = 64 * 1024;

  private final Supplier<Admin> admins;
  private final KafkaTopics topics;
  private final int replicationFactor;
  private final int minInsyncReplicas;

  /**
   * Does no I/O.
   *
   * @param replicationFactor copies of each partition; -1 is the broker's default
   * @param minInsyncReplicas copies that must have a record; 0 is the broker's default
   */
  ReplayOutputs(
      Supplier<Admin> admins, KafkaTopics topics, int replicationFactor, int minInsyncReplicas) {
    this.admins = admins;
    this.topics = topics;
    this.replicationFactor = replicationFactor;
    this.minInsyncReplicas = minInsyncReplicas;
  }

  /** Makes the topic of a replay, if it is not there. */
  void create(String id, int partitions) throws InterruptedException {
    try (Admin admin = admins.get()) {
      admin.createTopics(List.of(topic(admin, id, partitions))).all().get();
      LOG.info("topic made topic={} partitions={}", topics.replay(id), partitions);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failure(e);
      }
    }
  }

  private NewTopic topic(Admin admin, String id, int partitions)
      throws ExecutionException, InterruptedException {
    Map<String, String> config = new HashMap<>();
    // The replay's time to live counts from its end: the processor deletes the topic as a whole.
    config.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
    config.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
    config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(maxMessageBytes(admin)));
    if (minInsyncReplicas > 0) {
      config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInsyncReplicas));
    }
    Optional<Short> replicas =
        replicationFactor < 0 ? Optional.empty() : Optional.of((short) replicationFactor);
    return new NewTopic(topics.replay(id), Optional.of(partitions), replicas).configs(config);
  }

  private long maxMessageBytes(Admin admin) throws ExecutionException, InterruptedException {
    ConfigResource log = new ConfigResource(ConfigResource.Type.TOPIC, topics.events());
    Config config =
        Objects.requireNonNull(admin.describeConfigs(List.of(log)).all().get().get(log));
    ConfigEntry entry = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    return Long.parseLong(entry.value()) + HEADER_BYTES;
  }

  /**
   * Whether the topic of a replay is there. Pretends to make it: that asks the controller, while a
   * broker may not know yet of a topic that was made just now.
   */
  boolean exists(String id) throws InterruptedException {
    try (Admin admin = admins.get()) {
      admin
          .createTopics(List.of(topic(admin, id, 1)), new CreateTopicsOptions().validateOnly(true))
          .all()
          .get();
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return true;
      }
      throw failure(e);
    }
  }

  /** Deletes the topic of a replay, if it is there. */
  void delete(String id) throws InterruptedException {
    String name = topics.replay(id);
    try (Admin admin = admins.get()) {
      admin.deleteTopics(List.of(name)).all().get();
      LOG.info("topic deleted topic={}", name);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw failure(e);
      }
    }
  }

  /** When the newest event of the log was taken in; a time as far as that is known. */
  Instant newestEvent(int logPartitions, Instant otherwise) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (int partition = 0; partition < logPartitions; partition++) {
      asked.put(new TopicPartition(topics.events(), partition), OffsetSpec.maxTimestamp());
    }
    try (Admin admin = admins.get()) {
      List<ListOffsetsResult.ListOffsetsResultInfo> found =
          new ArrayList<>(admin.listOffsets(asked).all().get().values());
      long millis = found.stream().mapToLong(offset -> offset.timestamp()).max().orElse(-1);
      Instant newest = Instant.ofEpochMilli(millis);
      return millis < 0 || newest.isAfter(otherwise) ? otherwise : newest;
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static KafkaException failure(ExecutionException e) {
    return e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
  }
}
