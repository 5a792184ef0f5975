package io.jimbot.eventbus.processor.kafka;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics of the parts when they are missing; what exists is left as it is. Thread-safe;
 * every call is bounded by the admin client's own timeout.
 */
public final class ProcessorTopics {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessorTopics.class);

  private final KafkaSettings settings;

  /** With the copies that the settings ask for. */
  public ProcessorTopics(KafkaSettings settings) {
    this.settings = settings;
  }

  /**
   * Makes what a part owns and lacks.
   *
   * @return what is still missing, for a person; empty if the part can start
   * @throws ExecutionException if Kafka refuses or does not answer
   */
  public Optional<String> provide(Admin admin, Part part)
      throws ExecutionException, InterruptedException {
    Set<String> missing = missing(admin, part.neededTopics());
    if (!missing.isEmpty()) {
      return Optional.of("topics are missing which a gateway makes: " + missing);
    }
    List<String> own = part.ownTopics().stream().map(TopicSpec::name).toList();
    Set<String> absent = missing(admin, own);
    List<TopicSpec> specs = new ArrayList<>();
    for (TopicSpec spec : part.ownTopics()) {
      if (absent.contains(spec.name())) {
        specs.add(spec);
      }
    }
    if (specs.isEmpty()) {
      return Optional.empty();
    }
    create(admin, specs);
    return Optional.of("topics were just made: " + absent);
  }

  /** Makes topics; one that is there by now is as good. */
  public void create(Admin admin, List<TopicSpec> specs)
      throws ExecutionException, InterruptedException {
    var created = admin.createTopics(specs.stream().map(this::newTopic).toList()).values();
    for (TopicSpec spec : specs) {
      try {
        requireNonNull(created.get(spec.name())).get();
        LOG.info(
            "topic made topic={} partitions={} config={}",
            spec.name(),
            spec.partitions(),
            spec.config());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  /** Which of them do not exist. */
  public static Set<String> missing(Admin admin, List<String> names)
      throws ExecutionException, InterruptedException {
    Set<String> missing = new HashSet<>();
    var descriptions = admin.describeTopics(names).topicNameValues();
    for (String name : names) {
      try {
        requireNonNull(descriptions.get(name)).get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
        missing.add(name);
      }
    }
    return missing;
  }

  private NewTopic newTopic(TopicSpec spec) {
    Map<String, String> config = new TreeMap<>(spec.config());
    if (settings.minInsyncReplicas() > 0) {
      config.put(
          TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(settings.minInsyncReplicas()));
    }
    int copies = settings.replicationFactor();
    return new NewTopic(
            spec.name(),
            Optional.of(spec.partitions()),
            copies < 0 ? Optional.empty() : Optional.of((short) copies))
        .configs(config);
  }
}
