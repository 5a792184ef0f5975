package io.jimbot.eventbus.gateway.kafka;

import java.util.List;

/**
 * The names of the Kafka topics that the gateway writes.
 *
 * @param prefix what all of them start with, for example {@code jimbot}
 */
public record KafkaTopics(String prefix) {

  /** The log: every accepted event. */
  public String events() {
    return prefix + ".events";
  }

  /** What could not be accepted, processed or delivered. */
  public String deadLetters() {
    return prefix + ".dead-letters";
  }

  /** Commands back to the game. */
  public String commands() {
    return prefix + ".commands";
  }

  /** All of them. */
  public List<String> all() {
    return List.of(events(), deadLetters(), commands());
  }
}
