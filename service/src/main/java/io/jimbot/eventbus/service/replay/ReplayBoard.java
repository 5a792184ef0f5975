package io.jimbot.eventbus.service.replay;

import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayProgress;
import io.jimbot.events.v1.ReplayRecord;
import io.jimbot.events.v1.ReplayRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * All replays that the records of the replays topic tell of. One thread adds records, in the order
 * of each partition; any thread looks.
 */
public final class ReplayBoard {

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  /** What the records of one replay have said so far. */
  private record Entry(
      int partition, @Nullable ReplayRequest request, ReplayAction wish, ReplayProgress progress) {

    private static final Entry NOTHING =
        new Entry(0, null, ReplayAction.REPLAY_ACTION_RUN, ReplayProgress.getDefaultInstance());

    Entry with(int where, ReplayRecord record) {
      return switch (record.getRecordCase()) {
        case REQUEST -> new Entry(where, record.getRequest(), wish, progress);
        case WISH -> new Entry(where, request, record.getWish().getAction(), progress);
        case PROGRESS -> new Entry(where, request, wish, record.getProgress());
        case RECORD_NOT_SET -> this;
      };
    }

    @Nullable Replay toReplay(String id) {
      return request == null ? null : new Replay(id, partition, request, wish, progress);
    }
  }

  /**
   * Adds a record.
   *
   * @return whether it is one of ours
   */
  public boolean add(ConsumerRecord<byte[], byte[]> record) {
    ReplayRecords.Key key = ReplayRecords.Key.read(record.key());
    if (key == null) {
      return false;
    }
    if (record.value() == null) {
      // A replay is forgotten as a whole; what its other keys still say does not count.
      entries.remove(key.id());
      return true;
    }
    ReplayRecord value = ReplayRecords.read(key, record.value());
    if (value == null) {
      return false;
    }
    entries.merge(
        key.id(),
        Entry.NOTHING.with(record.partition(), value),
        (known, first) -> known.with(record.partition(), value));
    return true;
  }

  /** Forgets what a partition has told. */
  public void forget(int partition) {
    entries.values().removeIf(entry -> entry.partition() == partition);
  }

  /** Forgets everything. */
  public void clear() {
    entries.clear();
  }

  /** A replay; null if none is known by that id. */
  public @Nullable Replay find(String id) {
    Entry entry = entries.get(id);
    return entry == null ? null : entry.toReplay(id);
  }

  /** All of them, the newest request first. */
  public List<Replay> all() {
    Stream<@Nullable Replay> known =
        entries.entrySet().stream().map(entry -> entry.getValue().toReplay(entry.getKey()));
    return known
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .sorted(
            Comparator.comparing((Replay replay) -> Times.instant(replay.request().getCreatedAt()))
                .reversed()
                .thenComparing(Replay::id))
        .toList();
  }
}
