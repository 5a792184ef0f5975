package io.jimbot.eventbus.gateway.delivery.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.telemetry.HistoryMetrics;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;

class HistoryTest {

  private static final HistoryQuery EVERYTHING =
      new HistoryQuery(
          new EventFilter(List.of(new TopicPattern("**")), Set.of(), Set.of(), Set.of(), Map.of()),
          0,
          Long.MAX_VALUE,
          10,
          null);

  @Test
  void aReaderWhoseConsumerDoesNotCloseReadsOn() throws Exception {
    try (History history =
        new History(
            new HistorySettings(10, 10, DataSize.kibibytes(1), Duration.ofMillis(10), 1, 1),
            new KafkaTopics("jimbot"),
            number -> new BrokenConsumer(),
            new HistoryMetrics(new PrometheusRegistry()))) {
      history.start();

      assertThat(ask(history)).isEqualTo(SubscriptionFault.Kind.UNAVAILABLE);
      assertThat(ask(history)).isEqualTo(SubscriptionFault.Kind.UNAVAILABLE);
    }
  }

  private static SubscriptionFault.Kind ask(History history) throws Exception {
    HistoryPage page = history.read(EVERYTHING).get(10, TimeUnit.SECONDS);
    return Objects.requireNonNull(page.fault()).kind();
  }

  /** Of no broker, since none can be told to hinder a consumer's closing. */
  private static final class BrokenConsumer extends MockConsumer<byte[], byte[]> {
    BrokenConsumer() {
      super("none");
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics() {
      throw new KafkaException("Kafka is away");
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
      throw new KafkaException("Kafka is away");
    }

    @Override
    public void close(CloseOptions options) {
      throw new KafkaException("it cannot close");
    }
  }
}
