package io.jimbot.eventbus.gateway.kafka;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Takes records for Kafka. Thread-safe. */
public interface Publisher {

  /**
   * Hands a record to Kafka. Never blocks and never throws; the callback is called exactly once,
   * within the delivery timeout of the settings. Records with the same key, handed over by the same
   * thread and stored, are stored in that order.
   *
   * @param record key and value as bytes; must not be changed afterwards
   */
  void publish(ProducerRecord<byte[], byte[]> record, PublishCallback callback);
}
