package io.jimbot.eventbus.gateway.delivery.queue;

import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** What tells a worker which events repeat others; whoever was given it closes it. */
interface Repeats extends AutoCloseable {

  /** For a worker that wants every event. */
  Repeats NONE =
      new Repeats() {
        @Override
        public Set<ConsumerRecord<byte[], byte[]>> among(
            Iterable<ConsumerRecord<byte[], byte[]>> events) {
          return Set.of();
        }

        @Override
        public void close() {}
      };

  /**
   * The repeats among some events. May block.
   *
   * @throws TimeoutException if that is not known yet; asked again, it may be
   * @throws KafkaException if it cannot be found out
   */
  Set<ConsumerRecord<byte[], byte[]>> among(Iterable<ConsumerRecord<byte[], byte[]>> events);

  @Override
  void close();
}
