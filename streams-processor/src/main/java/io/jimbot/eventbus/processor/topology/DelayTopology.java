package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.processor.kafka.FailedRecords;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * Events that wait for their time: kept in a store, put into the log when they are due, taken back
 * on request.
 *
 * <pre>
 * jimbot.delayed ─► wait ─┬► jimbot.events            the events, when they are due
 *        ▲                ├► jimbot.delayed-reports   how many wait; what became of requests
 *        └────────────────┴► jimbot.dead-letters      what cannot be kept
 *          it is time for those up to now
 * </pre>
 *
 * <p>What is due is not put into the log at once: a record that says so goes through the topic
 * first. Whoever reads it has read all requests to cancel that were stored before, so that one that
 * was acknowledged before the event's time holds, even if no processor ran in between.
 */
public final class DelayTopology {

  static final String STORE = "delayed-events";
  static final String LOG = "log";
  static final String MARKS = "marks";
  static final String REPORTS = "reports";
  static final String LETTERS = "letters";

  private DelayTopology() {}

  /**
   * Makes it.
   *
   * @param values gives encoded events the form that they have in the log
   */
  public static Topology of(
      KafkaTopics topics,
      DelayRules rules,
      Serializer<byte[]> values,
      FailedRecords failures,
      DelayWatch watch) {
    return new Topology()
        .addSource("delayed", topics.delayed())
        .addProcessor("wait", () -> new DelayProcessor(rules, failures, watch), "delayed")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(Map.of()),
            "wait")
        .addSink(LOG, topics.events(), new ByteArraySerializer(), failures.guarding(values), "wait")
        .addSink(REPORTS, topics.delayedReports(), "wait")
        .addSink(LETTERS, topics.deadLetters(), "wait")
        .addSink(
            MARKS,
            topics.delayed(),
            (topic, key, value, partitions) -> Optional.of(Set.of(partition((byte[]) key))),
            "wait");
  }

  /** The key of a mark, which goes to the partition that it names. */
  static byte[] markKey(int partition) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(partition).array();
  }

  private static int partition(byte[] markKey) {
    return ByteBuffer.wrap(markKey).getInt();
  }
}
