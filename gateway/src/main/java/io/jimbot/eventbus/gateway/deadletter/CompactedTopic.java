package io.jimbot.eventbus.gateway.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.wire.ConfluentFrame;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest record of each key of a compacted topic, as of the last time that it was read. Belongs
 * to one thread.
 */
final class CompactedTopic<T> {

  private static final Logger LOG = LoggerFactory.getLogger(CompactedTopic.class);

  /** Reads the value of a record. */
  interface Reader<T> {
    T read(String key, ByteString message) throws InvalidProtocolBufferException;
  }

  private final NewRecords records;
  private final int most;
  private final Reader<T> reader;
  private final Map<String, T> newest = new LinkedHashMap<>();

  /**
   * @param most how many keys are kept; the ones that came first are dropped beyond it
   */
  CompactedTopic(String topic, int most, Reader<T> reader) {
    this.records = new NewRecords(topic);
    this.most = most;
    this.reader = reader;
  }

  Map<String, T> newest() {
    return newest;
  }

  /** Reads what has come since the last time. */
  void catchUp(Consumer<byte[], byte[]> consumer) {
    records.read(consumer, this::take);
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
      LOG.warn("record not readable topic={} offset={}", record.topic(), record.offset());
    }
    if (newest.size() > most) {
      Iterator<String> oldest = newest.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
