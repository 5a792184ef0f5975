package io.jimbot.eventbus.gateway.kafka;

import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Unavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics that are missing, and says whether all of them can be written to: every
 * partition has a leader, and it answers. What exists is left alone; where it differs from the
 * settings, a warning says so once. Used by the probe's thread only; every call is bounded by the
 * admin client's own timeout.
 */
final class TopicProvisioner {

  private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);

  private final List<TopicSpec> specs;
  private boolean compared;

  TopicProvisioner(List<TopicSpec> specs) {
    this.specs = specs;
  }

  /**
   * Looks at the topics, makes those that are missing; empty if every partition of all of them has
   * a leader.
   */
  Optional<Unavailable> provision(Admin admin) throws InterruptedException {
    Map<String, TopicDescription> found = new TreeMap<>();
    List<TopicSpec> missing = new ArrayList<>();
    var descriptions =
        admin.describeTopics(specs.stream().map(TopicSpec::name).toList()).topicNameValues();
    for (TopicSpec spec : specs) {
      try {
        found.put(spec.name(), got(descriptions, spec.name()).get());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          return Optional.of(FailureReasons.retryable(cause(e)));
        }
        missing.add(spec);
      }
    }
    if (!missing.isEmpty()) {
      return Optional.of(create(admin, missing));
    }
    if (!compared) {
      compared = true;
      compare(admin, found);
    }
    Optional<Unavailable> without = leaderless(found);
    return without.isPresent() ? without : silent(admin, found);
  }

  /**
   * A leader that was only just named may not know it yet. It would refuse the first batch of a
   * producer and take the second, which is under way already; then the first never finds its place
   * any more. So every leader must have answered before anything is sent.
   */
  private static Optional<Unavailable> silent(Admin admin, Map<String, TopicDescription> found)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    found.forEach(
        (name, topic) ->
            topic
                .partitions()
                .forEach(
                    p -> ends.put(new TopicPartition(name, p.partition()), OffsetSpec.latest())));
    try {
      admin.listOffsets(ends).all().get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(FailureReasons.retryable(cause(e)));
    }
  }

  /**
   * The answer is always "not yet": whether the new topics have leaders, the next look will tell.
   */
  private Unavailable create(Admin admin, List<TopicSpec> missing) throws InterruptedException {
    Map<String, KafkaFuture<Void>> created =
        admin.createTopics(missing.stream().map(TopicSpec::toNewTopic).toList()).values();
    for (TopicSpec spec : missing) {
      try {
        got(created, spec.name()).get();
        LOG.info(
            "topic made topic={} partitions={} config={}",
            spec.name(),
            spec.partitions(),
            spec.config());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          return new Unavailable(
              "topic_missing",
              "topic "
                  + spec.name()
                  + " does not exist and could not be made: "
                  + cause(e).getMessage());
        }
      }
    }
    return new Unavailable("starting", "the topics were just made");
  }

  private static Optional<Unavailable> leaderless(Map<String, TopicDescription> found) {
    for (TopicDescription topic : found.values()) {
      long without =
          topic.partitions().stream()
              .filter(p -> p.leader() == null || p.leader().isEmpty())
              .count();
      if (without > 0) {
        return Optional.of(
            new Unavailable(
                "kafka_unreachable",
                without + " partitions of topic " + topic.name() + " have no leader"));
      }
    }
    return Optional.empty();
  }

  private void compare(Admin admin, Map<String, TopicDescription> found)
      throws InterruptedException {
    for (TopicSpec spec : specs) {
      int partitions = got(found, spec.name()).partitions().size();
      if (partitions != spec.partitions()) {
        LOG.warn(
            "topic differs topic={} what=partitions is={} setting={}",
            spec.name(),
            partitions,
            spec.partitions());
      }
      try {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, spec.name());
        Config actual = got(admin.describeConfigs(List.of(resource)).values(), resource).get();
        spec.config().forEach((name, value) -> compare(spec.name(), name, value, actual.get(name)));
      } catch (ExecutionException e) {
        // Reading a topic's configuration takes a right of its own, which the gateway does not need
        // otherwise.
        LOG.info("topic not compared topic={} error={}", spec.name(), cause(e).getMessage());
      }
    }
  }

  private static void compare(String topic, String name, String value, ConfigEntry actual) {
    if (actual != null && !value.equals(actual.value())) {
      LOG.warn(
          "topic differs topic={} what={} is={} setting={}", topic, name, actual.value(), value);
    }
  }

  private static Throwable cause(ExecutionException e) {
    return e.getCause() == null ? e : e.getCause();
  }

  /** What Kafka's client puts into these maps for every topic that it was asked about. */
  private static <K, V> V got(Map<K, V> map, K wanted) {
    return Objects.requireNonNull(map.get(wanted), () -> "no answer about " + wanted);
  }
}
