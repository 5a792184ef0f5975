package io.jimbot.eventbus.gateway.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.gateway.deadletter.StateTable.Told;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has become of each dead letter, as of the last time that its topic was read. Only the states
 * are kept, in a bounded memory; what else is told of a letter stays in Kafka. Belongs to one
 * thread.
 */
final class LetterStates {

  private static final Logger LOG = LoggerFactory.getLogger(LetterStates.class);

  /** Where the next record that is wanted lies further away, it is gone to. */
  private static final int MOST_READ_OVER = 500;

  private final String topic;
  private final NewRecords records;
  private final StateTable table;

  /** States of letters from before that time have no room. */
  private long knownSinceMillis;

  private long newestMillis;

  /**
   * For that topic.
   *
   * @param room how much memory the states may take
   */
  LetterStates(String topic, DataSize room) {
    this.topic = topic;
    this.records = new NewRecords(topic);
    this.table = new StateTable(room);
  }

  /**
   * Reads what has come since the last time. Where there are more states than have room, those of
   * the oldest letters go.
   *
   * @param oldest earlier dead letters are of no interest
   */
  void catchUp(Consumer<byte[], byte[]> consumer, Instant oldest) {
    knownSinceMillis = Math.max(knownSinceMillis, oldest.toEpochMilli());
    if (table.size() > table.most() / 2) {
      // Kafka forgets in the end that they were taken out, and may have before that was read.
      table.removeBefore(knownSinceMillis);
    }
    records.read(consumer, this::take);
  }

  /** Since when all states are known: one that is not must not be taken for none. */
  Instant knownSince() {
    return Instant.ofEpochMilli(knownSinceMillis);
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), UTF_8);
    long millis = DeadLetterId.millis(key);
    if (millis < 0) {
      return; // Of no letter that the processor knows.
    }
    UUID id = UUID.fromString(key);
    Told told = millis < knownSinceMillis ? null : told(record);
    if (told == null) {
      table.remove(id);
      return;
    }
    newestMillis = Math.max(newestMillis, millis);
    if (!table.put(id, told)) {
      forgetOldest();
      if (millis >= knownSinceMillis) {
        var unused = table.put(id, told);
      }
    }
  }

  /** Makes room for a tenth of all, an eighth of the time at a step. */
  private void forgetOldest() {
    while (table.size() > table.most() / 10 * 9) {
      knownSinceMillis += Math.max(0, newestMillis - knownSinceMillis) / 8 + 1;
      table.removeBefore(knownSinceMillis);
    }
    LOG.warn(
        "states of older dead letters have no room most={} known_since={}",
        table.most(),
        knownSince());
  }

  private static @Nullable Told told(ConsumerRecord<byte[], byte[]> record) {
    DeadLetterStatus status = statusOf(record);
    if (status == null) {
      return null;
    }
    return new Told(
        status.getState() == DeadLetterState.UNRECOGNIZED
            ? DeadLetterState.DEAD_LETTER_STATE_UNSPECIFIED
            : status.getState(),
        record.partition(),
        record.offset());
  }

  private static @Nullable DeadLetterStatus statusOf(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return null;
    }
    try {
      return DeadLetterStatus.parseFrom(ConfluentFrame.message(record.value()));
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("record not readable topic={} offset={}", record.topic(), record.offset());
      return null;
    }
  }

  /** The state of that dead letter; the one that is never told is that it is parked. */
  DeadLetterState state(String id) {
    Told told = table.get(UUID.fromString(id));
    return told == null ? DeadLetterState.DEAD_LETTER_STATE_PARKED : told.state();
  }

  /**
   * All that is told of these dead letters, by id: what was found in the time. Nothing of one whose
   * state has changed meanwhile.
   */
  Map<String, DeadLetterStatus> told(
      Consumer<byte[], byte[]> consumer, List<String> ids, Duration patience) {
    Map<Integer, NavigableSet<Long>> places = new TreeMap<>();
    for (String id : ids) {
      Told told = table.get(UUID.fromString(id));
      if (told != null) {
        places.computeIfAbsent(told.partition(), p -> new TreeSet<>()).add(told.offset());
      }
    }
    Map<String, DeadLetterStatus> statuses = new HashMap<>();
    LetterScan scan = new LetterScan(consumer, topic, patience);
    places.forEach((partition, offsets) -> read(scan, partition, offsets, statuses));
    return statuses;
  }

  private static void read(
      LetterScan scan,
      int partition,
      NavigableSet<Long> offsets,
      Map<String, DeadLetterStatus> statuses) {
    while (!offsets.isEmpty() && !scan.isOver()) {
      long reached =
          scan.read(
              partition,
              offsets.first(),
              offsets.last() + 1,
              record -> {
                DeadLetterStatus status =
                    offsets.contains(record.offset()) ? statusOf(record) : null;
                if (status != null) {
                  statuses.put(status.getDeadLetterId(), status);
                }
                Long next = offsets.higher(record.offset());
                return next != null && next - record.offset() < MOST_READ_OVER;
              });
      offsets.headSet(reached).clear();
    }
  }
}
