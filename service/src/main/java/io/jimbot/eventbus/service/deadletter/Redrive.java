package io.jimbot.eventbus.service.deadletter;

import org.apache.kafka.clients.producer.ProducerRecord;

/** What becomes of a dead letter that is to be sent again. */
public sealed interface Redrive {

  /**
   * It can be sent again.
   *
   * @param record the record for the log, or for where events wait for their time; its time is to
   *     be set by who sends it
   */
  record Possible(ProducerRecord<byte[], byte[]> record) implements Redrive {}

  /**
   * It cannot.
   *
   * @param reason a stable word in lower snake case
   * @param message why, for a person
   */
  record Refused(String reason, String message) implements Redrive {}
}
