package io.jimbot.eventbus.gateway.delivery.history;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.gateway.telemetry.HistoryMetrics;
import io.jimbot.eventbus.service.kept.LaneReader;
import io.jimbot.eventbus.service.kept.Stretch;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PageReaderTest {

  /** A consumer of no broker, since none can be told to leave a partition without a leader. */
  @Test
  void aPartitionThatGivesNothingIsAFailureAndNoEmptyPage() {
    try (MockConsumer<byte[], byte[]> silent = new MockConsumer<>("none")) {
      TopicPartition partition = new TopicPartition("log", 0);
      silent.updateBeginningOffsets(Map.of(partition, 0L));
      LaneReader reader =
          new LaneReader(
              silent, List.of(new Stretch(partition, 0, 0, 10, 0, List.of())), "log", 1_000);
      PageReader page =
          new PageReader(
              reader,
              new HistoryQuery(
                  new EventFilter(
                      List.of(new TopicPattern("**")), Set.of(), Set.of(), Set.of(), Map.of()),
                  0,
                  Long.MAX_VALUE,
                  10,
                  null),
              new HistorySettings(10, 10, DataSize.kibibytes(1), Duration.ofMillis(10), 1, 1),
              "log",
              0,
              new HistoryMetrics(new PrometheusRegistry()));

      assertThatThrownBy(page::read).isInstanceOf(TimeoutException.class);
    }
  }
}
