package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a member's consumer has: where each begins, when it comes and goes, and
 * whether it is read now. Belongs to the member's thread; one for each consumer.
 */
final class GroupPartitions implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(GroupPartitions.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final String group;
  private final Consumer<byte[], byte[]> consumer;
  private final GroupBeginning beginning;
  private final MemberLeases leases;
  private final GroupCommits commits;
  private final int lookBack;
  private final MemberMetrics metrics;
  private final Set<TopicPartition> paused = new HashSet<>();

  /** Those whose place is not known, since the group has none yet. */
  private final Set<TopicPartition> unplaced = new HashSet<>();

  /** Whether no member of the group asks for other events. */
  private boolean agreed;

  private boolean begun;

  /**
   * Has none yet.
   *
   * @param lookBack how many events before its place a partition is read, to recognise repeats
   */
  GroupPartitions(
      String group,
      Consumer<byte[], byte[]> consumer,
      GroupBeginning beginning,
      MemberLeases leases,
      GroupCommits commits,
      int lookBack,
      MemberMetrics metrics) {
    this.group = group;
    this.consumer = consumer;
    this.beginning = beginning;
    this.leases = leases;
    this.commits = commits;
    this.lookBack = lookBack;
    this.metrics = metrics;
  }

  /** Whether the member takes part, and is to find out whether the others ask for the same. */
  boolean isToAgree() {
    return !agreed && consumer.groupMetadata().generationId() > 0;
  }

  /** All members ask for the same events: reading may begin. */
  void agree() {
    agreed = true;
  }

  /**
   * Whether the member takes part and the group has its places: what is stored from now on comes to
   * one of its members. Blocks for as long as Kafka may take to tell.
   */
  boolean haveBegun() {
    if (!begun && agreed) {
      begun = unplaced.isEmpty() && beginning.isDone(consumer);
    }
    return begun;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> gained) {
    if (gained.isEmpty()) {
      return;
    }
    metrics.rebalanced();
    unplaced.addAll(gained);
    // Until their place is known they are not read; they need some place all the same.
    gained.forEach(partition -> consumer.seek(partition, 0));
    paused.addAll(gained);
    consumer.pause(gained);
    despiteWakeUps(this::place);
  }

  /** Begins with those that have waited for the group's places, if it has some now. */
  void place() {
    if (unplaced.isEmpty() || !agreed) {
      return;
    }
    Map<TopicPartition, Long> oldest =
        lookBack == 0 ? Map.of() : consumer.beginningOffsets(unplaced, PATIENCE);
    Map<TopicPartition, OffsetAndMetadata> places = beginning.places(consumer, unplaced);
    if (places != null) {
      places.forEach((partition, place) -> begin(partition, place, oldest.get(partition)));
      unplaced.clear();
    }
  }

  private void begin(TopicPartition partition, OffsetAndMetadata place, @Nullable Long oldest) {
    CommitNote note = CommitNote.read(place.metadata(), place.offset());
    leases.assign(partition.partition(), place.offset(), note);
    commits.forget(partition.partition());
    // What lies shortly before the place is only remembered, to recognise its repetitions.
    long from = oldest == null ? place.offset() : Math.max(oldest, place.offset() - lookBack);
    consumer.seek(partition, Math.min(from, place.offset()));
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> lost) {
    metrics.rebalanced();
    try {
      Map<TopicPartition, OffsetAndMetadata> changed = commits.changes(lost);
      if (!changed.isEmpty()) {
        despiteWakeUps(() -> consumer.commitSync(changed, PATIENCE));
      }
    } catch (KafkaException e) {
      commits.failed(e);
    } finally {
      forget(lost);
    }
  }

  /** A wake-up is for poll; one that comes here must not cost the work, and is not needed. */
  private void despiteWakeUps(Runnable work) {
    boolean done = false;
    while (!done) {
      try {
        work.run();
        done = true;
      } catch (WakeupException e) {
        LOG.trace("group member woken up between polls group={}", group);
      }
    }
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    metrics.rebalanced();
    // It was put out of the group, which others may have joined since.
    agreed = false;
    forget(lost);
  }

  private void forget(Collection<TopicPartition> lost) {
    for (TopicPartition partition : lost) {
      leases.revoke(partition.partition());
      commits.forget(partition.partition());
      paused.remove(partition);
      unplaced.remove(partition);
    }
  }

  /**
   * Goes on behind what retention has deleted, which nothing can bring back.
   *
   * @return how many offsets were still to be read
   * @throws KafkaException if Kafka did not tell in time
   */
  long skipDeleted(Collection<TopicPartition> behind) {
    Map<TopicPartition, Long> beginnings = new HashMap<>();
    despiteWakeUps(() -> beginnings.putAll(consumer.beginningOffsets(behind, PATIENCE)));
    long deleted = 0;
    for (var beginning : beginnings.entrySet()) {
      deleted += leases.skipTo(beginning.getKey().partition(), beginning.getValue());
      consumer.seek(beginning.getKey(), beginning.getValue());
    }
    return deleted;
  }

  /**
   * Reads on where there is room, and stops where there is none.
   *
   * @return how many are not read
   */
  int makeRoom() {
    for (TopicPartition partition : consumer.assignment()) {
      boolean room = leases.hasRoom(partition.partition());
      if (room && paused.remove(partition)) {
        consumer.resume(List.of(partition));
      } else if (!room && paused.add(partition)) {
        consumer.pause(List.of(partition));
      }
    }
    paused.retainAll(consumer.assignment());
    return paused.size();
  }
}
