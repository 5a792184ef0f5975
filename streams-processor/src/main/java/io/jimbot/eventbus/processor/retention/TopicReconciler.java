package io.jimbot.eventbus.processor.retention;

import static java.util.Objects.requireNonNull;

import io.jimbot.eventbus.processor.kafka.ProcessorTopics;
import io.jimbot.eventbus.processor.kafka.TopicSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes topics what they should be, as far as the rules allow: those that are missing are made,
 * those that differ are reported and changed. Doing it twice does no harm. Immutable; calls are
 * bounded by the admin client's own timeout.
 */
final class TopicReconciler {

  private static final Logger LOG = LoggerFactory.getLogger(TopicReconciler.class);

  private final ProcessorTopics topics;
  private final ChangeRules rules;

  TopicReconciler(ProcessorTopics topics, ChangeRules rules) {
    this.topics = topics;
    this.rules = rules;
  }

  /**
   * Makes what is missing, and looks at what is there.
   *
   * @return all that is not as it should be
   * @throws ExecutionException if Kafka refuses or does not answer
   */
  List<Drift> compare(Admin admin, List<TopicSpec> specs)
      throws ExecutionException, InterruptedException {
    List<String> names = specs.stream().map(TopicSpec::name).toList();
    Set<String> missing = ProcessorTopics.missing(admin, names);
    topics.create(admin, specs.stream().filter(spec -> missing.contains(spec.name())).toList());
    List<TopicSpec> present =
        specs.stream().filter(spec -> !missing.contains(spec.name())).toList();
    List<Drift> drifts = drifts(admin, present);
    drifts.forEach(TopicReconciler::report);
    return drifts;
  }

  /**
   * Changes what is not refused.
   *
   * @throws ExecutionException if Kafka refuses or does not answer; some of it may be done
   */
  void change(Admin admin, List<Drift> drifts) throws ExecutionException, InterruptedException {
    List<Drift> changes = drifts.stream().filter(drift -> !drift.refused()).toList();
    changeSettings(admin, changes);
    grow(admin, changes);
  }

  private List<Drift> drifts(Admin admin, List<TopicSpec> specs)
      throws ExecutionException, InterruptedException {
    Map<String, TopicDescription> descriptions =
        admin.describeTopics(specs.stream().map(TopicSpec::name).toList()).allTopicNames().get();
    Map<ConfigResource, Config> configs =
        admin
            .describeConfigs(specs.stream().map(spec -> resource(spec.name())).toList())
            .all()
            .get();
    List<Drift> drifts = new ArrayList<>();
    for (TopicSpec spec : specs) {
      Config actual = requireNonNull(configs.get(resource(spec.name())));
      spec.config()
          .forEach(
              (setting, wanted) -> {
                ConfigEntry entry = actual.get(setting);
                String value = entry == null || entry.value() == null ? "" : entry.value();
                if (!value.equals(wanted)) {
                  drifts.add(rules.setting(spec.name(), setting, value, wanted));
                }
              });
      int partitions = requireNonNull(descriptions.get(spec.name())).partitions().size();
      if (partitions != spec.partitions()) {
        drifts.add(rules.partitions(spec.name(), partitions, spec.partitions()));
      }
    }
    return drifts;
  }

  private static void report(Drift drift) {
    if (drift.refused()) {
      LOG.warn(
          "topic left as it is topic={} setting={} is={} catalogue={} reason={}",
          drift.topic(),
          drift.setting(),
          drift.actual(),
          drift.wanted(),
          drift.refusal());
    } else {
      LOG.info(
          "topic is to be changed topic={} setting={} from={} to={}",
          drift.topic(),
          drift.setting(),
          drift.actual(),
          drift.wanted());
    }
  }

  private static void changeSettings(Admin admin, List<Drift> changes)
      throws ExecutionException, InterruptedException {
    Map<ConfigResource, Collection<AlterConfigOp>> operations = new HashMap<>();
    for (Drift change : changes) {
      if (!change.setting().equals(ChangeRules.PARTITIONS)) {
        operations
            .computeIfAbsent(resource(change.topic()), topic -> new ArrayList<>())
            .add(
                new AlterConfigOp(
                    new ConfigEntry(change.setting(), change.wanted()), AlterConfigOp.OpType.SET));
      }
    }
    if (!operations.isEmpty()) {
      admin.incrementalAlterConfigs(operations).all().get();
    }
  }

  private static void grow(Admin admin, List<Drift> changes)
      throws ExecutionException, InterruptedException {
    Map<String, NewPartitions> growth = new HashMap<>();
    for (Drift change : changes) {
      if (change.setting().equals(ChangeRules.PARTITIONS)) {
        growth.put(change.topic(), NewPartitions.increaseTo(Integer.parseInt(change.wanted())));
      }
    }
    if (!growth.isEmpty()) {
      admin.createPartitions(growth).all().get();
    }
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }
}
