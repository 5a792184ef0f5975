package io.jimbot.eventbus.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.eventbus.wire.ValueFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaProbeIT {

  private static final TopicShape SHAPE =
      new TopicShape(1, Duration.ofHours(1), DataSize.mebibytes(1));
  private static final TopicSettings TOPICS =
      new TopicSettings("probe", -1, 0, SHAPE, SHAPE, SHAPE, SHAPE);

  @TempDir private Path directory;

  private static Producer<byte[], byte[]> producer(String bootstrapServers) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", bootstrapServers, "max.block.ms", 0),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  @Test
  void aProducerThatCannotBeMadeOrDoesNotWarmUpIsReplaced() throws Exception {
    try (TestKafka kafka = TestKafka.start(directory)) {
      AtomicInteger made = new AtomicInteger();
      ProduceBreaker breaker =
          new ProduceBreaker(System::nanoTime, Duration.ofSeconds(1), (from, to, why) -> {});
      InFlightRecords inFlight = new InFlightRecords(Duration.ofSeconds(1));
      KafkaPublisher publisher = new KafkaPublisher(breaker, inFlight, System::nanoTime);
      KafkaProbe probe =
          new KafkaProbe(
              breaker,
              inFlight,
              publisher,
              TOPICS,
              ValueFormat.plain(Map.of()),
              () -> Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers())),
              () ->
                  switch (made.incrementAndGet()) {
                    case 1 -> throw new KafkaException("the name does not resolve");
                    case 2 -> producer("127.0.0.1:1");
                    default -> producer(kafka.bootstrapServers());
                  },
              System::nanoTime,
              Duration.ofMillis(20));
      probe.start();

      await().atMost(Duration.ofSeconds(40)).until(() -> breaker.refusal() == null);
      probe.close(Duration.ofSeconds(5));

      assertThat(made).hasValue(3);
      Producer<byte[], byte[]> last = publisher.producer();
      if (last != null) {
        last.close(Duration.ZERO);
      }
    }
  }
}
