package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The key of a record in a class topic that is compacted: the event's type, a slash, and its
 * ordering key, so that the newest event of each type stays and not of all types together. The
 * ordering key stands in a header as well, for whoever reads the event later.
 */
final class CompactionKey {

  private static final byte SLASH = '/';

  private CompactionKey() {}

  /** The same event under that key. */
  static Record<byte[], byte[]> keyed(Record<byte[], byte[]> record, String type) {
    byte[] name = type.getBytes(UTF_8);
    byte[] order = record.key() == null ? new byte[0] : record.key();
    byte[] key =
        ByteBuffer.allocate(name.length + 1 + order.length).put(name).put(SLASH).put(order).array();
    RecordHeaders headers = new RecordHeaders(record.headers());
    headers.add(HeaderNames.ORDERING_KEY, order);
    return record.withKey(key).withHeaders(headers);
  }

  /**
   * Puts what has such a key into the partition of its ordering key, as Kafka's producer does with
   * all others: so a class topic that has as many partitions as the log has the log's order too.
   *
   * @param catalogue tells which classes are compacted
   */
  static StreamPartitioner<byte[], byte[]> partitioner(
      KafkaTopics topics, Supplier<CatalogueInForce> catalogue) {
    int prefix = topics.ofClass("").length();
    return (topic, key, value, partitions) ->
        key != null && catalogue.get().compacts(topic.substring(prefix))
            ? Optional.of(Set.of(Utils.toPositive(Utils.murmur2(orderingKey(key))) % partitions))
            : Optional.empty();
  }

  private static byte[] orderingKey(byte[] key) {
    int slash = 0;
    while (slash < key.length && key[slash] != SLASH) {
      slash++;
    }
    return Arrays.copyOfRange(key, Math.min(key.length, slash + 1), key.length);
  }
}
