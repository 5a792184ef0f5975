package io.jimbot.eventbus.gateway.ingest;

import io.jimbot.eventbus.gateway.kafka.PublishCallback;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Keeps what it is given; the test says what becomes of each record, and when. */
final class HeldPublisher implements Publisher {
  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final List<PublishCallback> callbacks = new ArrayList<>();

  @Override
  public void publish(ProducerRecord<byte[], byte[]> record, PublishCallback callback) {
    records.add(record);
    callbacks.add(callback);
  }

  /** How many records it was given. */
  int count() {
    return records.size();
  }

  /** The records, in the order in which they were handed over, from 0. */
  ProducerRecord<byte[], byte[]> record(int index) {
    return records.get(index);
  }

  /** The record lies at the offset of its own index. */
  void store(int index) {
    settle(index, new PublishOutcome.Stored(records.get(index).topic(), 0, index, false));
  }

  void fail(int index) {
    settle(index, new PublishOutcome.Unavailable("kafka_unreachable", "Kafka is away"));
  }

  void refuse(int index) {
    settle(index, new PublishOutcome.Impossible("record_too_large", "it is too large"));
  }

  private void settle(int index, PublishOutcome outcome) {
    callbacks.get(index).onOutcome(outcome);
  }
}
