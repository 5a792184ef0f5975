package io.jimbot.eventbus.processor.topology;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to the topic of its class, with what the catalogue said of it: asked once, so
 * that topic, key and partition are of one catalogue, also while that changes. Immutable, as long
 * as nobody writes to the arrays.
 *
 * @param value the event as it is stored
 * @param topic the Kafka topic of its class
 * @param orderingKey what its partition goes by; null if that is the record's own key
 */
record RoutedEvent(byte[] value, String topic, byte @Nullable [] orderingKey) {

  /**
   * The partition that Kafka's producer chooses for the ordering key: so a class topic that has as
   * many partitions as the log has the log's order too.
   *
   * @return nothing if the producer chooses it by the record's key
   */
  static Optional<Set<Integer>> partition(
      String topic, byte[] key, RoutedEvent event, int partitions) {
    byte[] order = event.orderingKey();
    return order == null
        ? Optional.empty()
        : Optional.of(Set.of(Utils.toPositive(Utils.murmur2(order)) % partitions));
  }

  /** Writes the event as it is stored. */
  static Serializer<RoutedEvent> writing(Serializer<byte[]> values) {
    return new Serializer<>() {
      @Override
      public byte[] serialize(String topic, RoutedEvent event) {
        return values.serialize(topic, event.value());
      }

      @Override
      public byte[] serialize(String topic, Headers headers, RoutedEvent event) {
        return values.serialize(topic, headers, event.value());
      }
    };
  }
}
