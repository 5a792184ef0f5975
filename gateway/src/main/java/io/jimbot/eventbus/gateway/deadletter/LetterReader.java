package io.jimbot.eventbus.gateway.deadletter;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.service.deadletter.LetterSelection;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterCount;
import io.jimbot.events.v1.DeadLetterSelector;
import io.jimbot.events.v1.DeadLetterStatus;
import java.time.Duration;
import java.time.Instant;
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
 * Reads dead letters and what has become of them. Belongs to one thread. Every method may throw a
 * {@link org.apache.kafka.common.KafkaException}.
 */
final class LetterReader {

  /**
   * How far behind the end that is asked for reading goes on. Kafka is asked for the first record
   * of a time or later; one whose clock is ahead, which it takes up to an hour, lies before some
   * that are earlier.
   */
  private static final Duration LATE = Duration.ofHours(2);

  /** How many bytes of dead letters one page may have: they are whole, and in memory. */
  private static final long MOST_BYTES = 16L * 1024 * 1024;

  /** How far behind its time a dead letter may lie, if clocks differ. */
  private static final int MOST_SEARCHED = 100_000;

  private final String topic;
  private final Duration keep;
  private final Duration patience;
  private final InstantSource clock;
  private final LetterStates states;

  /**
   * @param keep how long a dead letter is known: the processor forgets it then, whether or not
   *     Kafka has deleted it yet, and nothing can be done to it any more
   * @param patience how long the dead letters are read for one question
   * @param room how much memory the states may take
   */
  LetterReader(
      KafkaTopics topics, Duration keep, Duration patience, DataSize room, InstantSource clock) {
    this.topic = topics.deadLetters();
    this.keep = keep;
    this.patience = patience;
    this.clock = clock;
    this.states = new LetterStates(topics.deadLetterStates(), room);
  }

  /**
   * The next dead letters that are meant, a bounded number of them: what was found when the time
   * was over, and where to go on.
   */
  LetterPage page(
      Consumer<byte[], byte[]> consumer,
      DeadLetterSelector selector,
      int limit,
      long @Nullable [] cursor) {
    states.catchUp(consumer, oldest());
    requireKnown(selector.hasFrom() ? WireTime.instant(selector.getFrom()) : oldest());
    long[] last = ends(consumer);
    long[] end = end(consumer, selector, last);
    long[] next = beginning(consumer, selector, last);
    for (int p = 0; cursor != null && p < Math.min(next.length, cursor.length); p++) {
      next[p] = Math.max(next[p], cursor[p]);
    }
    LetterSelection selection = LetterSelection.toLookAt(selector);
    List<FoundLetter> found = new ArrayList<>();
    long[] bytes = new long[1];
    LetterScan scan = new LetterScan(consumer, topic, patience);
    for (int partition = 0; partition < end.length; partition++) {
      if (found.size() >= limit || bytes[0] >= MOST_BYTES) {
        break;
      }
      next[partition] =
          read(
              scan,
              partition,
              next[partition],
              end[partition],
              letter -> {
                if (selection.matches(letter.letter(), letter.status().getState())) {
                  found.add(letter);
                  bytes[0] += letter.letter().getSerializedSize();
                }
                return found.size() < limit && bytes[0] < MOST_BYTES;
              });
    }
    found.sort(Comparator.comparing(letter -> letter.letter().getDeadLetterId()));
    return new LetterPage(
        whole(consumer, found), isAtEnd(next, end) ? null : LetterCursor.text(next));
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
    states.catchUp(consumer, oldest());
    long millis = DeadLetterId.millis(id);
    requireKnown(Instant.ofEpochMilli(Math.max(millis, oldest().toEpochMilli())));
    long[] end = ends(consumer);
    long[] begin = at(consumer, millis, end);
    FoundLetter[] found = new FoundLetter[1];
    LetterScan scan = new LetterScan(consumer, topic, patience);
    for (int partition = 0; partition < end.length && found[0] == null; partition++) {
      long last = Math.min(end[partition], begin[partition] + MOST_SEARCHED);
      long reached =
          read(
              scan,
              partition,
              begin[partition],
              last,
              letter -> {
                if (letter.letter().getDeadLetterId().equals(id)) {
                  found[0] = letter;
                }
                return found[0] == null;
              });
      if (found[0] == null && reached < last) {
        throw new TimeoutException("looking for the dead letter took too long");
      }
    }
    return found[0] == null ? null : whole(consumer, List.of(found[0])).get(0);
  }

  /** The same dead letters with all that is told of what has become of them. */
  private List<FoundLetter> whole(Consumer<byte[], byte[]> consumer, List<FoundLetter> found) {
    List<String> ids = found.stream().map(letter -> letter.letter().getDeadLetterId()).toList();
    Map<String, DeadLetterStatus> told = states.told(consumer, ids, patience);
    return found.stream()
        .map(
            letter ->
                letter.with(told.getOrDefault(letter.letter().getDeadLetterId(), letter.status())))
        .toList();
  }

  /**
   * @throws TooMuchToReadException if not all states since then are known
   */
  private void requireKnown(Instant from) {
    Instant known = states.knownSince();
    if (known.isAfter(from) && known.isAfter(oldest())) {
      throw new TooMuchToReadException(
          "there are more dead letters than this gateway's memory has room for: ask for those from "
              + known
              + " on, or give it more");
    }
  }

  private Instant oldest() {
    return clock.instant().minus(keep);
  }

  /**
   * Counts what an action would concern.
   *
   * @throws TooMuchToReadException if it cannot be counted in the time
   */
  LetterCount count(Consumer<byte[], byte[]> consumer, DeadLetterSelector selector) {
    states.catchUp(consumer, oldest());
    requireKnown(selector.hasFrom() ? WireTime.instant(selector.getFrom()) : oldest());
    long[] last = ends(consumer);
    long[] end = end(consumer, selector, last);
    long[] begin = beginning(consumer, selector, last);
    LetterSelection selection = LetterSelection.toActOn(selector);
    LetterScan scan = new LetterScan(consumer, topic, patience);
    Map<String, Long> byReason = new TreeMap<>();
    List<DeadLetterCount> partitions = new ArrayList<>();
    for (int partition = 0; partition < end.length; partition++) {
      DeadLetterCount.Builder count = DeadLetterCount.newBuilder();
      long reached =
          read(
              scan,
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
      if (reached < end[partition]) {
        throw new TooMuchToReadException(
            "there are too many dead letters to count in "
                + patience.toSeconds()
                + " s: narrow it with from and to, and ask for one part after another");
      }
      partitions.add(count.build());
    }
    return new LetterCount(partitions, byReason);
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
      Consumer<byte[], byte[]> consumer, DeadLetterSelector selector, long[] last) {
    return at(
        consumer,
        selector.hasFrom() ? WireTime.instant(selector.getFrom()).toEpochMilli() : 0,
        last);
  }

  private long[] end(Consumer<byte[], byte[]> consumer, DeadLetterSelector selector, long[] last) {
    return selector.hasTo()
        ? at(consumer, WireTime.instant(selector.getTo()).plus(LATE).toEpochMilli(), last)
        : last;
  }

  /** Where the first record of that time or later is, in each partition; else its end. */
  private long[] at(Consumer<byte[], byte[]> consumer, long millis, long[] last) {
    Map<TopicPartition, Long> asked = new HashMap<>();
    for (int partition = 0; partition < last.length; partition++) {
      asked.put(new TopicPartition(topic, partition), Math.max(0, millis));
    }
    long[] at = last.clone();
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(asked);
    found.forEach(
        (partition, place) -> {
          if (place != null) {
            at[partition.partition()] = Math.min(place.offset(), last[partition.partition()]);
          }
        });
    return at;
  }

  /** Shows dead letters until the visitor has enough, or the time is over; where to go on. */
  private long read(
      LetterScan scan, int partition, long from, long end, Predicate<FoundLetter> visitor) {
    return scan.read(
        partition,
        from,
        end,
        record -> {
          FoundLetter letter = letter(record);
          return letter == null || visitor.test(letter);
        });
  }

  /** What the record holds; null if it is no dead letter that the processor knows. */
  private @Nullable FoundLetter letter(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.value() == null) {
        return null;
      }
      DeadLetter letter = DeadLetter.parseFrom(ConfluentFrame.message(record.value()));
      // By the time in its id, as the processor does; without one it has made a dead letter of it.
      if (DeadLetterId.millis(letter.getDeadLetterId()) < states.knownSince().toEpochMilli()) {
        return null;
      }
      DeadLetterStatus status =
          DeadLetterStatus.newBuilder().setState(states.state(letter.getDeadLetterId())).build();
      byte[] key = record.key() == null ? new byte[0] : record.key();
      return new FoundLetter(letter, key, record.partition(), record.offset(), status);
    } catch (InvalidProtocolBufferException e) {
      return null; // The processor has made a dead letter of it.
    }
  }
}
