package io.jimbot.eventbus.gateway.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterActionProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was asked to be done to dead letters and how far it has come, as of the last time that its
 * topic was read. Encoded, in a bounded memory: where there is more, the earliest actions go.
 * Belongs to one thread. Every method may throw a {@link org.apache.kafka.common.KafkaException}.
 */
final class AskedActions {

  private static final Logger LOG = LoggerFactory.getLogger(AskedActions.class);

  /** What an action takes besides its bytes: an id, a place among the others, a table of parts. */
  static final int ACTION_BYTES = 320;

  /** What the progress in one partition takes besides its bytes. */
  static final int PART_BYTES = 120;

  /** How many bytes of actions one page may have. */
  private static final long MOST_PAGE_BYTES = 4L * 1024 * 1024;

  private static final String ACTION = "action/";
  private static final String PROGRESS = "progress/";

  private final NewRecords records;
  private final long room;
  private final NavigableMap<String, Entry> byId = new TreeMap<>();
  private long bytes;

  /** The last id that had no room; empty if all had. */
  private String forgotten = "";

  /** One action; its progress may be read first, since it may lie in another partition. */
  private static final class Entry {

    private final Map<Integer, ByteString> progress = new TreeMap<>();
    private @Nullable ByteString action;

    long bytes() {
      return ACTION_BYTES
          + (action == null ? 0 : action.size())
          + progress.values().stream().mapToLong(part -> PART_BYTES + part.size()).sum();
    }

    /** Null if it is not known yet what was asked for. */
    @Nullable TrackedAction tracked() {
      if (action == null) {
        return null;
      }
      try {
        List<DeadLetterActionProgress> parts = new ArrayList<>();
        for (ByteString part : progress.values()) {
          parts.add(DeadLetterActionProgress.parseFrom(part));
        }
        return new TrackedAction(DeadLetterAction.parseFrom(action), parts);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("what is kept was read before", e);
      }
    }
  }

  /**
   * Reads nothing yet.
   *
   * @param room how much memory they may take
   */
  AskedActions(String topic, DataSize room) {
    this.records = new NewRecords(topic);
    this.room = room.toBytes();
  }

  /**
   * Some actions, the latest first.
   *
   * @param limit how many at most; fewer if they are large
   * @param before the cursor of the page before; null for the first page
   */
  ActionPage page(Consumer<byte[], byte[]> consumer, int limit, @Nullable String before) {
    catchUp(consumer);
    List<TrackedAction> page = new ArrayList<>();
    String last = "";
    long pageBytes = 0;
    for (Map.Entry<String, Entry> each :
        (before == null ? byId : byId.headMap(before, false)).descendingMap().entrySet()) {
      TrackedAction tracked = each.getValue().tracked();
      if (tracked == null) {
        continue;
      }
      pageBytes += each.getValue().bytes();
      if (page.size() == limit || (!page.isEmpty() && pageBytes > MOST_PAGE_BYTES)) {
        return new ActionPage(page, last, false);
      }
      page.add(tracked);
      last = each.getKey();
    }
    return new ActionPage(page, null, !forgotten.isEmpty());
  }

  /** The action of that id; null if there is none, or it has no room. */
  @Nullable TrackedAction find(Consumer<byte[], byte[]> consumer, String id) {
    catchUp(consumer);
    Entry found = byId.get(id);
    return found == null ? null : found.tracked();
  }

  /** What they take, in bytes. */
  long bytes() {
    return bytes;
  }

  private void catchUp(Consumer<byte[], byte[]> consumer) {
    String before = forgotten;
    records.read(consumer, this::take);
    if (!before.equals(forgotten)) {
      LOG.warn("older actions have no room most_bytes={} forgotten_until={}", room, forgotten);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), UTF_8);
    try {
      if (key.startsWith(ACTION)) {
        takeAction(key.substring(ACTION.length()), record.value());
      } else if (key.startsWith(PROGRESS) && record.value() != null) {
        takeProgress(ConfluentFrame.message(record.value()));
      }
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("record not readable topic={} offset={}", record.topic(), record.offset());
    }
  }

  private void takeAction(String id, byte @Nullable [] value)
      throws InvalidProtocolBufferException {
    if (value == null) {
      Entry removed = byId.remove(id);
      bytes -= removed == null ? 0 : removed.bytes();
      return;
    }
    ByteString message = ConfluentFrame.message(value);
    if (DeadLetterAction.parseFrom(message).getActionId().equals(id)) {
      change(id, entry -> entry.action = message);
    }
  }

  private void takeProgress(ByteString message) throws InvalidProtocolBufferException {
    DeadLetterActionProgress part = DeadLetterActionProgress.parseFrom(message);
    change(part.getActionId(), entry -> entry.progress.put(part.getPartition(), message));
  }

  private void change(String id, java.util.function.Consumer<Entry> change) {
    if (DeadLetterId.millis(id) < 0 || id.compareTo(forgotten) <= 0) {
      return; // Of no gateway, or without room: what is left of it would pass for the whole.
    }
    Entry known = byId.get(id);
    bytes -= known == null ? 0 : known.bytes();
    Entry entry = known == null ? new Entry() : known;
    change.accept(entry);
    byId.put(id, entry);
    bytes += entry.bytes();
    while (bytes > room) {
      forgotten = byId.firstKey();
      Entry oldest = byId.remove(forgotten);
      bytes -= oldest == null ? 0 : oldest.bytes();
    }
  }
}
