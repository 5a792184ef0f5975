package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores in Kafka how far a member has come, where that has changed. Belongs to the member's
 * thread.
 */
final class GroupCommits {

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommits.class);

  private final String group;
  private final String log;
  private final MemberLeases leases;
  private final Duration interval;
  private final MemberMetrics metrics;

  /** What was committed last, so that only what has changed is committed. */
  private final Map<Integer, MemberLeases.Place> committed = new HashMap<>();

  private long committedNanos = System.nanoTime();

  GroupCommits(
      String group, String log, MemberLeases leases, Duration interval, MemberMetrics metrics) {
    this.group = group;
    this.log = log;
    this.leases = leases;
    this.interval = interval;
    this.metrics = metrics;
  }

  /** Commits what has changed, if it is time; does not wait for it. */
  void whenDue(Consumer<byte[], byte[]> consumer) {
    long now = System.nanoTime();
    if (now - committedNanos < interval.toNanos()) {
      return;
    }
    committedNanos = now;
    Map<TopicPartition, OffsetAndMetadata> changed = changes(null);
    if (!changed.isEmpty()) {
      consumer.commitAsync(
          changed,
          (offsets, failure) -> {
            if (failure != null) {
              committed.clear();
              failed(failure);
            }
          });
    }
  }

  /** A commit has failed; it is made again, or by whoever has the partition next. */
  void failed(Exception failure) {
    metrics.commitFailed();
    LOG.warn("places not committed group={} error={}", group, failure.toString());
  }

  /** What is to be committed, of some partitions or of all; counts as committed then. */
  Map<TopicPartition, OffsetAndMetadata> changes(@Nullable Collection<TopicPartition> only) {
    Map<TopicPartition, OffsetAndMetadata> changed = new HashMap<>();
    leases
        .places()
        .forEach(
            (number, place) -> {
              TopicPartition partition = new TopicPartition(log, number);
              boolean wanted = only == null || only.contains(partition);
              if (wanted && !place.equals(committed.get(number))) {
                committed.put(number, place);
                changed.put(partition, new OffsetAndMetadata(place.offset(), place.note()));
              }
            });
    return changed;
  }

  /** A partition came or went: nothing is known of what is committed there. */
  void forget(int partition) {
    committed.remove(partition);
  }
}
