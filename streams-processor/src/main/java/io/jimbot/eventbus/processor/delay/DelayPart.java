package io.jimbot.eventbus.processor.delay;

import io.jimbot.eventbus.processor.kafka.Part;
import io.jimbot.eventbus.processor.kafka.StreamsPart;
import io.jimbot.eventbus.processor.kafka.StreamsRuntime;
import io.jimbot.eventbus.processor.kafka.TopicSpec;
import io.jimbot.eventbus.processor.topology.DelayTopology;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Makes the part {@code delay}: events that wait for their time. */
public final class DelayPart {

  /** Gateways look at the newest reports only. */
  private static final Duration REPORTS_KEPT = Duration.ofHours(1);

  private DelayPart() {}

  /** Makes it; does no I/O. */
  public static Part of(
      DelaySettings settings, StreamsRuntime runtime, PrometheusRegistry registry) {
    KafkaTopics topics = runtime.kafka().topics();
    DelayMetrics metrics = new DelayMetrics(registry);
    TopicSpec reports =
        new TopicSpec(
            topics.delayedReports(),
            1,
            Map.of(
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(REPORTS_KEPT.toMillis()),
                TopicConfig.SEGMENT_MS_CONFIG, Long.toString(REPORTS_KEPT.toMillis())));
    return new StreamsPart(
        "delay",
        List.of(reports),
        List.of(topics.delayed(), topics.events(), topics.deadLetters()),
        runtime,
        failures ->
            DelayTopology.of(
                topics, settings.rules(), runtime.values().serializer(), failures, metrics));
  }
}
