package io.jimbot.eventbus.gateway.delivery.queue;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where an event lies. Immutable. */
record Place(int partition, long offset) {

  static Place of(ConsumerRecord<?, ?> record) {
    return new Place(record.partition(), record.offset());
  }
}
