package io.jimbot.eventbus.gateway.kafka;

import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.util.regex.Pattern;

/**
 * The topics that the gateway makes when they are missing.
 *
 * @param prefix the start of every topic name: letters, digits, dot, underscore, hyphen, at most
 *     100
 * @param replicationFactor copies of each partition; -1 leaves it to the broker's default
 * @param minInsyncReplicas copies that must have a record before it is acknowledged; 0 leaves it to
 *     the broker's default
 * @param events the log
 * @param deadLetters the dead letters
 * @param commands the commands back to the game
 * @param delayed the events that wait for their time
 */
public record TopicSettings(
    String prefix,
    int replicationFactor,
    int minInsyncReplicas,
    TopicShape events,
    TopicShape deadLetters,
    TopicShape commands,
    TopicShape delayed) {

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /** Checks the values. */
  public TopicSettings {
    if (prefix == null || !PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "topics.prefix must match " + PREFIX + ", is '" + prefix + "'");
    }
    if (replicationFactor != -1 && (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "topics.replicationFactor must be at least 1, or -1 for the broker's default, is "
              + replicationFactor);
    }
    if (minInsyncReplicas < 0 || (replicationFactor > 0 && minInsyncReplicas > replicationFactor)) {
      throw new IllegalArgumentException(
          "topics.minInsyncReplicas must be 0 for the broker's default, or at most topics.replicationFactor, is "
              + minInsyncReplicas);
    }
    if (events == null || deadLetters == null || commands == null || delayed == null) {
      throw new IllegalArgumentException(
          "topics.events, topics.deadLetters, topics.commands and topics.delayed must be given");
    }
  }

  /** The topics' names. */
  public KafkaTopics names() {
    return new KafkaTopics(prefix);
  }
}
