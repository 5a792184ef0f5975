package io.jimbot.eventbus.processor.retention;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.processor.kafka.KafkaSettings;
import io.jimbot.eventbus.processor.kafka.PartMetrics;
import io.jimbot.eventbus.processor.kafka.StreamsRuntime;
import io.jimbot.eventbus.wire.ValueFormat;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class RetentionPartTest {

  /** Where nothing listens. */
  private static final String NO_KAFKA = "127.0.0.1:1";

  /** Else events got keys by what the file says, in topics that Kafka compacts by others. */
  @Test
  void noEventIsKeptBeforeTheTopicsWereComparedWithTheCatalogue() throws Exception {
    ProcessorConfiguration configuration = ProcessorConfiguration.load(null, Map.of());
    PrometheusRegistry registry = new PrometheusRegistry();
    StreamsRuntime runtime =
        new StreamsRuntime(
            new KafkaSettings(NO_KAFKA, Map.of(), "t", -1, 0),
            configuration.streams(),
            ValueFormat.plain(Map.of()),
            new PartMetrics(registry));
    RetentionPart part = new RetentionPart(configuration.retention(), runtime, registry);
    try {
      assertThatThrownBy(part::start)
          .isInstanceOf(KafkaException.class)
          .hasMessageContaining("not compared with the catalogue");
    } finally {
      part.close();
    }
  }
}
