package io.jimbot.eventbus.gateway.deadletter;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.service.deadletter.LetterSelection;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterActionProgress;
import io.jimbot.events.v1.DeadLetterCount;
import io.jimbot.events.v1.DeadLetterSelector;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads dead letters, what has become of them and what was asked to be done. Belongs to one thread.
 * Every method may throw a {@link org.apache.kafka.common.KafkaException}.
 */
final class LetterReader {

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST_STATES = 1_000_000;
  private static final int MOST_ACTIONS = 100_000;

  /** How far behind its time a dead letter may lie, if clocks differ. */
  private static final int MOST_SEARCHED = 100_000;

  private final String topic;
  private final Duration keep;
  private final InstantSource clock;
  private final CompactedTopic<DeadLetterStatus> states;
  private final CompactedTopic<DeadLetterAction> actions;
  private final CompactedTopic<DeadLetterActionProgress> progress;

  /**
   * @param keep how long a dead letter is known: the processor forgets it then, whether or not
   *     Kafka has deleted it yet, and nothing can be done to it any more
   */
  LetterReader(KafkaTopics topics, Duration keep, InstantSource clock) {
    this.topic = topics.deadLetters();
    this.keep = keep;
    this.clock = clock;
    this.states =
        new CompactedTopic<>(
            topics.deadLetterStates(),
            MOST_STATES,
            (key, message) -> DeadLetterStatus.parseFrom(message));
    this.actions =
        new CompactedTopic<>(
            topics.deadLetterActions(),
            MOST_ACTIONS,
            (key, message) ->
                key.startsWith("action/")
                    ? DeadLetterAction.parseFrom(message)
                    : DeadLetterAction.getDefaultInstance());
    this.progress =
        new CompactedTopic<>(
            topics.deadLetterActions(),
            MOST_ACTIONS,
            (key, message) ->
                key.startsWith("progress/")
                    ? DeadLetterActionProgress.parseFrom(message)
                    : DeadLetterActionProgress.getDefaultInstance());
  }

  /** The next dead letters that are meant, a bounded number of them. */
  LetterPage page(
      Consumer<byte[], byte[]> consumer,
      DeadLetterSelector selector,
      int limit,
      long @Nullable [] cursor) {
    states.catchUp(consumer);
    long[] end = ends(consumer);
    long[] next = beginning(consumer, selector, end.length);
    for (int p = 0; cursor != null && p < Math.min(next.length, cursor.length); p++) {
      next[p] = Math.max(next[p], cursor[p]);
    }
    LetterSelection selection = LetterSelection.toLookAt(selector);
    List<FoundLetter> found = new ArrayList<>();
    for (int partition = 0; partition < end.length && found.size() < limit; partition++) {
      next[partition] =
          read(
              consumer,
              partition,
              next[partition],
              end[partition],
              letter -> {
                if (selection.matches(letter.letter(), letter.status().getState())) {
                  found.add(letter);
                }
                return found.size() < limit;
              });
    }
    found.sort(Comparator.comparing(letter -> letter.letter().getDeadLetterId()));
    return new LetterPage(found, isAtEnd(next, end) ? null : LetterCursor.text(next));
  }

  private static boolean isAtEnd(long[] next, long[] end) {
    for (int p = 0; p < end.length; p++) {
      if (next[p] < end[p]) {
        return false;
      }
    }
    return true;
  }

  /** The dead letter of that id; null if there is none. */
  @Nullable FoundLetter find(Consumer<byte[], byte[]> consumer, String id) {
    states.catchUp(consumer);
    long[] end = ends(consumer);
    long[] begin = at(consumer, DeadLetterId.millis(id), end.length);
    FoundLetter[] found = new FoundLetter[1];
    for (int partition = 0; partition < end.length && found[0] == null; partition++) {
      long last = Math.min(end[partition], begin[partition] + MOST_SEARCHED);
      read(
          consumer,
          partition,
          begin[partition],
          last,
          letter -> {
            if (letter.letter().getDeadLetterId().equals(id)) {
              found[0] = letter;
            }
            return found[0] == null;
          });
    }
    return found[0];
  }

  /** Counts what an action would concern. */
  LetterCount count(Consumer<byte[], byte[]> consumer, DeadLetterSelector selector) {
    states.catchUp(consumer);
    long[] end = ends(consumer);
    long[] begin = beginning(consumer, selector, end.length);
    LetterSelection selection = LetterSelection.toActOn(selector);
    Map<String, Long> byReason = new TreeMap<>();
    List<DeadLetterCount> partitions = new ArrayList<>();
    for (int partition = 0; partition < end.length; partition++) {
      DeadLetterCount.Builder count = DeadLetterCount.newBuilder();
      read(
          consumer,
          partition,
          begin[partition],
          end[partition],
          letter -> {
            count.setUntil(letter.offset() + 1);
            if (selection.matches(letter.letter(), letter.status().getState())) {
              count.setSelected(count.getSelected() + 1);
              byReason.merge(letter.letter().getReason(), 1L, Long::sum);
            }
            return true;
          });
      partitions.add(count.build());
    }
    return new LetterCount(partitions, byReason);
  }

  /** All actions, the latest first. */
  List<TrackedAction> actions(Consumer<byte[], byte[]> consumer) {
    actions.catchUp(consumer);
    progress.catchUp(consumer);
    Map<String, List<DeadLetterActionProgress>> parts = new HashMap<>();
    progress.newest().values().stream()
        .filter(part -> !part.getActionId().isEmpty())
        .forEach(
            part -> parts.computeIfAbsent(part.getActionId(), id -> new ArrayList<>()).add(part));
    return actions.newest().values().stream()
        .filter(action -> !action.getActionId().isEmpty())
        .sorted(Comparator.comparing(DeadLetterAction::getActionId).reversed())
        .map(
            action ->
                new TrackedAction(action, parts.getOrDefault(action.getActionId(), List.of())))
        .toList();
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .sorted(Comparator.comparing(TopicPartition::partition))
        .toList();
  }

  private long[] ends(Consumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions(consumer));
    long[] end = new long[ends.size()];
    ends.forEach((partition, offset) -> end[partition.partition()] = offset);
    return end;
  }

  private long[] beginning(
      Consumer<byte[], byte[]> consumer, DeadLetterSelector selector, int partitions) {
    return at(
        consumer,
        selector.hasFrom() ? WireTime.instant(selector.getFrom()).toEpochMilli() : 0,
        partitions);
  }

  private long[] at(Consumer<byte[], byte[]> consumer, long millis, int count) {
    Map<TopicPartition, Long> asked = new HashMap<>();
    partitions(consumer).forEach(partition -> asked.put(partition, Math.max(0, millis)));
    long[] at = ends(consumer);
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(asked);
    found.forEach(
        (partition, place) -> {
          if (place != null && partition.partition() < count) {
            at[partition.partition()] = place.offset();
          }
        });
    return at;
  }

  /** Shows dead letters until the visitor has enough; returns where to go on. */
  private long read(
      Consumer<byte[], byte[]> consumer,
      int partition,
      long from,
      long end,
      Predicate<FoundLetter> visitor) {
    if (from >= end) {
      return from;
    }
    TopicPartition place = new TopicPartition(topic, partition);
    consumer.assign(List.of(place));
    consumer.seek(place, from);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(place) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        FoundLetter letter = record.offset() < end ? letter(record) : null;
        if (letter != null && !visitor.test(letter)) {
          return record.offset() + 1;
        }
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("reading the dead letters took too long: narrow it by time");
      }
    }
    return end;
  }

  /** What the record holds; null if it is no dead letter that the processor knows. */
  private @Nullable FoundLetter letter(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.value() == null) {
        return null;
      }
      DeadLetter letter = DeadLetter.parseFrom(ConfluentFrame.message(record.value()));
      // By the time in its id, as the processor does; without one it has made a dead letter of it.
      if (DeadLetterId.millis(letter.getDeadLetterId())
          < clock.instant().minus(keep).toEpochMilli()) {
        return null;
      }
      DeadLetterStatus status =
          states
              .newest()
              .getOrDefault(
                  letter.getDeadLetterId(),
                  DeadLetterStatus.newBuilder()
                      .setState(DeadLetterState.DEAD_LETTER_STATE_PARKED)
                      .build());
      byte[] key = record.key() == null ? new byte[0] : record.key();
      return new FoundLetter(letter, key, record.partition(), record.offset(), status);
    } catch (InvalidProtocolBufferException e) {
      return null; // The processor has made a dead letter of it.
    }
  }
}
