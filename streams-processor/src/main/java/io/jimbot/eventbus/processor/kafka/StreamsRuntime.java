package io.jimbot.eventbus.processor.kafka;

import java.time.Clock;

/**
 * What all topologies of a process run with: one for all parts. Immutable.
 *
 * @param kafka where Kafka is
 * @param settings how topologies run
 * @param metrics what they tell
 */
public record StreamsRuntime(KafkaSettings kafka, StreamsSettings settings, PartMetrics metrics) {

  /** Makes the dead letters of a part. */
  public FailedRecords failures(String part) {
    return new FailedRecords(
        kafka.topics().deadLetters(),
        kafka.topicPrefix() + "-processor-" + part,
        Clock.systemUTC(),
        metrics.deadLettersOf(part));
  }
}
