package io.jimbot.eventbus.processor.kafka;

import io.jimbot.eventbus.wire.ValueFormat;
import java.time.Clock;

/**
 * What all topologies of a process run with: one for all parts. Immutable.
 *
 * @param kafka where Kafka is
 * @param settings how topologies run
 * @param values in which form they write events and dead letters; whoever made it closes it
 * @param metrics what they tell
 */
public record StreamsRuntime(
    KafkaSettings kafka, StreamsSettings settings, ValueFormat values, PartMetrics metrics) {

  /** Makes the dead letters of a part. */
  public FailedRecords failures(String part) {
    return new FailedRecords(
        kafka.topics().deadLetters(),
        kafka.topicPrefix() + "-processor-" + part,
        values.serializer(),
        Clock.systemUTC(),
        metrics.deadLettersOf(part));
  }
}
