package io.jimbot.eventbus.processor.deadletter;

import io.jimbot.eventbus.processor.kafka.Part;
import io.jimbot.eventbus.processor.kafka.StreamsPart;
import io.jimbot.eventbus.processor.kafka.StreamsRuntime;
import io.jimbot.eventbus.processor.kafka.TopicSpec;
import io.jimbot.eventbus.processor.topology.DeadLetterMetrics;
import io.jimbot.eventbus.processor.topology.DeadLetterSettings;
import io.jimbot.eventbus.processor.topology.DeadLetterTopology;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Makes the part that looks after dead letters. */
public final class DeadLetterPart {

  /** Its name. */
  public static final String NAME = "letters";

  private DeadLetterPart() {}

  /** Makes it; does no I/O. */
  public static Part of(
      DeadLetterSettings settings, StreamsRuntime runtime, PrometheusRegistry registry) {
    KafkaTopics topics = runtime.kafka().topics();
    DeadLetterTopology topology =
        new DeadLetterTopology(
            topics,
            settings,
            runtime.values().serializer(),
            new DeadLetterMetrics(registry, InstantSource.system()));
    TopicSpec states =
        new TopicSpec(
            topics.deadLetterStates(),
            settings.partitions(),
            Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    return new StreamsPart(
        NAME,
        List.of(states),
        List.of(
            topics.events(), topics.delayed(), topics.deadLetters(), topics.deadLetterActions()),
        runtime,
        topology::topology);
  }
}
