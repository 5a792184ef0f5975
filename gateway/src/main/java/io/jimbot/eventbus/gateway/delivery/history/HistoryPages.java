package io.jimbot.eventbus.gateway.delivery.history;

import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.telemetry.HistoryMetrics;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.kept.KeptEvents;
import io.jimbot.eventbus.service.kept.LaneReader;
import io.jimbot.eventbus.service.kept.OtherLogException;
import io.jimbot.eventbus.service.kept.Stretch;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where a page begins, in the log and in the class topics for what the log does not hold any
 * more, and reads it. Thread-safe, for one thread per consumer.
 */
final class HistoryPages {

  private static final Logger LOG = LoggerFactory.getLogger(HistoryPages.class);

  /** How often retention may delete what is about to be read. */
  private static final int MAX_ATTEMPTS = 3;

  private final HistorySettings settings;
  private final KafkaTopics topics;
  private final HistoryMetrics metrics;

  HistoryPages(HistorySettings settings, KafkaTopics topics, HistoryMetrics metrics) {
    this.settings = settings;
    this.topics = topics;
    this.metrics = metrics;
  }

  /**
   * Reads the page that is asked for; blocks, within the limits of the settings.
   *
   * @throws KafkaException if it cannot be had now
   */
  HistoryPage read(HistoryQuery query, Consumer<byte[], byte[]> consumer) {
    for (int attempt = 1; ; attempt++) {
      try {
        HistoryCursor cursor = query.cursor();
        return cursor == null ? begin(query, consumer) : resume(query, cursor, consumer);
      } catch (OffsetOutOfRangeException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
        LOG.debug("retention came before history attempt={}", attempt);
      }
    }
  }

  private HistoryPage begin(HistoryQuery query, Consumer<byte[], byte[]> consumer) {
    List<Stretch> stretches = kept(consumer).between(query.fromMillis(), query.toMillis());
    return read(query, stretches, Math.max(0, query.fromMillis()), consumer);
  }

  private HistoryPage resume(
      HistoryQuery query, HistoryCursor cursor, Consumer<byte[], byte[]> consumer) {
    if (cursor.fingerprint() != query.fingerprint()) {
      return invalid(
          "the cursor is of another question: ask for its next page with the same parameters");
    }
    Map<String, List<PartitionInfo>> known = consumer.listTopics();
    if (!isOfLog(cursor, known)) {
      return invalid("the cursor is of another log");
    }
    List<Stretch> kept = cursor.stretches().stream().filter(s -> isIn(s, known)).toList();
    List<Stretch> mended;
    try {
      mended = kept(consumer).mend(kept, cursor.sinceMillis(), query.toMillis()).stretches();
    } catch (OtherLogException e) {
      return invalid("the cursor is of another log: this one does not go that far");
    }
    return read(query, mended, cursor.sinceMillis(), consumer);
  }

  /**
   * Ends where the consumer's sight does, like the subscriptions: a page is not held up by a
   * transaction that is open, and shows what lies behind it once that is over.
   */
  private KeptEvents kept(Consumer<byte[], byte[]> consumer) {
    return new KeptEvents(topics, consumer, consumer::endOffsets);
  }

  private HistoryPage read(
      HistoryQuery query,
      List<Stretch> stretches,
      long sinceMillis,
      Consumer<byte[], byte[]> consumer) {
    LaneReader reader =
        new LaneReader(consumer, stretches, topics.events(), settings.maxSize().toBytes());
    return new PageReader(reader, query, settings, topics.events(), sinceMillis, metrics).read();
  }

  /** A cursor names each partition of the log once, and nothing but the log and class topics. */
  private boolean isOfLog(HistoryCursor cursor, Map<String, List<PartitionInfo>> known) {
    Set<TopicPartition> named = new HashSet<>();
    return cursor.stretches().stream().anyMatch(stretch -> stretch.isOf(topics.events()))
        && cursor.stretches().stream()
            .allMatch(
                stretch ->
                    named.add(stretch.partition())
                        && (stretch.isOf(topics.events())
                            ? isIn(stretch, known)
                            : stretch.partition().topic().startsWith(topics.ofClass(""))));
  }

  /** A class topic may have been deleted since. */
  private static boolean isIn(Stretch stretch, Map<String, List<PartitionInfo>> known) {
    TopicPartition partition = stretch.partition();
    return partition.partition() < known.getOrDefault(partition.topic(), List.of()).size();
  }

  private static HistoryPage invalid(String message) {
    return HistoryPage.refused(
        new SubscriptionFault(SubscriptionFault.Kind.INVALID, "invalid", "cursor", message));
  }
}
