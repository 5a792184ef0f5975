package io.jimbot.eventbus.gateway.kafka;

import io.dropwizard.util.DataSize;
import java.time.Duration;

/**
 * How a topic is created. A topic that exists is left as it is.
 *
 * @param partitions 1 to 10000
 * @param retention how long records are kept, at least 1 s
 * @param maxMessageSize the largest batch of records that the topic takes, after compression, 1 KiB
 *     to 1 GiB
 */
public record TopicShape(int partitions, Duration retention, DataSize maxMessageSize) {

  private static final long KIB = 1024;

  /** Checks the values. */
  public TopicShape {
    if (partitions < 1 || partitions > 10_000) {
      throw new IllegalArgumentException(
          "topics.*.partitions must be 1 to 10000, is " + partitions);
    }
    if (retention == null || retention.toSeconds() < 1) {
      throw new IllegalArgumentException("topics.*.retention must be at least 1s, is " + retention);
    }
    if (maxMessageSize == null
        || maxMessageSize.toBytes() < KIB
        || maxMessageSize.toBytes() > KIB * KIB * KIB) {
      throw new IllegalArgumentException(
          "topics.*.maxMessageSize must be 1KiB to 1GiB, is " + maxMessageSize);
    }
  }
}
