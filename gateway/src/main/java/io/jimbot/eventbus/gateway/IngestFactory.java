package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.telemetry.Tracing;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Makes the ingest of a gateway that is being put together. */
@FunctionalInterface
interface IngestFactory {

  /** Called once, before anything is started. */
  Ingest create(
      Publisher publisher, KafkaTopics topics, PrometheusRegistry registry, Tracing tracing);
}
