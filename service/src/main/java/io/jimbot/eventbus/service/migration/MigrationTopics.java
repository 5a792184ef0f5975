package io.jimbot.eventbus.service.migration;

import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** The topics of a migration as Kafka describes them. Belongs to one thread; does not close. */
final class MigrationTopics {

  /** Times are to stay, and throttles are of the moment. */
  private static final List<String> NOT_COPIED =
      List.of(
          "message.timestamp.", "leader.replication.throttled", "follower.replication.throttled");

  private final Admin admin;

  MigrationTopics(Admin admin) {
    this.admin = admin;
  }

  /** What there is of a topic; null if there is none. */
  @Nullable TopicDescription find(String topic) throws ExecutionException, InterruptedException {
    try {
      return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return null;
      }
      throw e;
    }
  }

  /**
   * The log of the bus that takes a topic of that name for the topic of a retention class; null if
   * there is none in this Kafka. The prefix of a bus may be any, and have points.
   */
  @Nullable String logOfClassTopic(String topic) throws ExecutionException, InterruptedException {
    for (int point = topic.indexOf('.'); point >= 0; point = topic.indexOf('.', point + 1)) {
      KafkaTopics ofBus = new KafkaTopics(topic.substring(0, point));
      if (topic.startsWith(ofBus.ofClass("")) && find(ofBus.events()) != null) {
        return ofBus.events();
      }
    }
    return null;
  }

  /** Makes a topic like another one, and gives its id. */
  Uuid makeLike(TopicDescription source, String target)
      throws ExecutionException, InterruptedException {
    short copies = (short) source.partitions().get(0).replicas().size();
    NewTopic topic =
        new NewTopic(target, Optional.of(source.partitions().size()), Optional.of(copies))
            .configs(settings(source.name()));
    return admin.createTopics(List.of(topic)).topicId(target).get();
  }

  private Map<String, String> settings(String topic)
      throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config described =
        Objects.requireNonNull(admin.describeConfigs(List.of(resource)).all().get().get(resource));
    Map<String, String> settings = new HashMap<>();
    for (ConfigEntry entry : described.entries()) {
      boolean own = entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG;
      if (own && NOT_COPIED.stream().noneMatch(entry.name()::startsWith)) {
        settings.put(entry.name(), entry.value());
      }
    }
    return settings;
  }

  static List<TopicPartition> partitions(TopicDescription topic) {
    return topic.partitions().stream()
        .map(partition -> new TopicPartition(topic.name(), partition.partition()))
        .toList();
  }
}
