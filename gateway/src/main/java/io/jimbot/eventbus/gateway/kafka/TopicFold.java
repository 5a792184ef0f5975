package io.jimbot.eventbus.gateway.kafka;

import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What is made of the records of a followed topic. Called on the {@link TopicFollower}'s thread
 * only, one call at a time. It should not block: nothing is read meanwhile.
 */
public interface TopicFold {

  /**
   * Takes in the next record of its partition; key and value may be null. If it throws, the record
   * is logged and passed over.
   */
  void read(ConsumerRecord<byte[], byte[]> record);

  /**
   * The place in the topic is lost: it was made anew, or has deleted what was not read yet. What
   * comes next begins at the starting point again, so that some records come a second time, and
   * some may never have come.
   */
  default void placeLost() {}

  /** Some time has passed: a quarter of a second, or some seconds while Kafka is away. */
  default void tick() {}

  /** A record was passed over, the place was lost, or Kafka could not be read. */
  default void failed() {}

  /**
   * The follower looks for the topic's partitions: every quarter of a second while there are none,
   * and every ten seconds from then on.
   *
   * @param partitions asks Kafka how many partitions a topic has, 0 if there is none; to be used
   *     within the call only, and what it throws is to be let through
   */
  default void looking(ToIntFunction<String> partitions) {}
}
