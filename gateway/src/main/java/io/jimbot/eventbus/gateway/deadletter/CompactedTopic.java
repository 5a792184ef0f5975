package io.jimbot.eventbus.gateway.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.wire.ConfluentFrame;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest record of each key of a compacted topic, as of the last time that it was read. Belongs
 * to one thread.
 */
final class CompactedTopic<T> {

  private static final Logger LOG = LoggerFactory.getLogger(CompactedTopic.class);
  private static final Duration POLL = Duration.ofMillis(50);

  /** Reads the value of a record. */
  interface Reader<T> {
    T read(String key, ByteString message) throws InvalidProtocolBufferException;
  }

  private final String topic;
  private final int most;
  private final Reader<T> reader;
  private final Map<String, T> newest = new LinkedHashMap<>();
  private final Map<TopicPartition, Long> next = new HashMap<>();

  /**
   * @param most how many keys are kept; the ones that came first are dropped beyond it
   */
  CompactedTopic(String topic, int most, Reader<T> reader) {
    this.topic = topic;
    this.most = most;
    this.reader = reader;
  }

  Map<String, T> newest() {
    return newest;
  }

  /** Reads what has come since the last time. */
  void catchUp(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.listTopics().getOrDefault(topic, List.of()).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    consumer.assign(partitions);
    for (TopicPartition partition : partitions) {
      long begin = begins.getOrDefault(partition, 0L);
      consumer.seek(partition, Math.max(begin, next.getOrDefault(partition, 0L)));
    }
    while (partitions.stream()
        .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
      consumer.poll(POLL).forEach(this::take);
    }
    partitions.forEach(partition -> next.put(partition, consumer.position(partition)));
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), UTF_8);
    newest.remove(key);
    if (record.value() == null) {
      return;
    }
    try {
      newest.put(key, reader.read(key, ConfluentFrame.message(record.value())));
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("record not readable topic={} offset={}", topic, record.offset());
    }
    if (newest.size() > most) {
      Iterator<String> oldest = newest.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
