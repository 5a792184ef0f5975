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
 * All replays that the records of the replays topic tell of. One thread adds all records, in the
 * order of each partition. Others may add what they have just stored, sooner or later than that
 * one: of a replay's request, wish and progress each, the record of the highest offset counts. A
 * wish that is added after its replay was forgotten shows nothing. Any thread looks.
 */
public final class ReplayBoard {

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  /** What the newest record of a kind has said, or what counts while there is none. */
  private record Said<T>(T what, long offset) {

    /** Below the -1 of a record that was stored at an offset which Kafka no longer remembers. */
    private static final long NOWHERE = Long.MIN_VALUE;

    static <T> Said<T> nowhere(T what) {
      return new Said<>(what, NOWHERE);
    }

    boolean isKnown() {
      return offset != NOWHERE;
    }

    Said<T> or(T other, long at) {
      return at < offset ? this : new Said<>(other, at);
    }
  }

  /** What the records of one replay have said so far. */
  private record Entry(
      int partition,
      Said<ReplayRequest> request,
      Said<ReplayAction> wish,
      Said<ReplayProgress> progress) {

    private static final Entry NOTHING =
        new Entry(
            0,
            Said.nowhere(ReplayRequest.getDefaultInstance()),
            Said.nowhere(ReplayAction.REPLAY_ACTION_RUN),
            Said.nowhere(ReplayProgress.getDefaultInstance()));

    Entry with(int where, ReplayRecord record, long at) {
      return switch (record.getRecordCase()) {
        case REQUEST -> new Entry(where, request.or(record.getRequest(), at), wish, progress);
        case WISH -> new Entry(where, request, wish.or(record.getWish().getAction(), at), progress);
        case PROGRESS -> new Entry(where, request, wish, progress.or(record.getProgress(), at));
        case RECORD_NOT_SET -> this;
      };
    }

    @Nullable Replay toReplay(String id) {
      return request.isKnown()
          ? new Replay(id, partition, request.what(), wish.what(), progress.what())
          : null;
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
        Entry.NOTHING.with(record.partition(), value, record.offset()),
        (known, first) -> known.with(record.partition(), value, record.offset()));
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
