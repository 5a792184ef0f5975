package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.events.v1.CancellationOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What waits in one partition, in one store: the events by their time and offset, an index of them
 * by id, how the last ones ended, and how many there are. Used by one thread.
 */
final class DelayStore {

  // The first byte of a key says what it is.
  private static final byte WAITING = 'w';
  private static final byte BY_ID = 'i';
  private static final byte ENDED = 'e';
  private static final byte ENDED_BY_TIME = 't';
  private static final Bytes COUNTS = Bytes.wrap(new byte[] {'c'});

  private final KeyValueStore<Bytes, byte[]> store;
  private long events;
  private long bytes;

  /**
   * No event waits before it: so much need not be looked at, where those that are gone have left
   * their traces.
   */
  private Bytes first = waiting(0, 0);

  /** Takes up what the store holds. */
  DelayStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
    byte[] counts = store.get(COUNTS);
    if (counts != null) {
      ByteBuffer read = ByteBuffer.wrap(counts);
      events = read.getLong();
      bytes = read.getLong();
    }
  }

  /**
   * An event of the store.
   *
   * @param dueMillis its time
   * @param offset its place in the topic, which orders those of one time
   * @param event the event
   */
  record Entry(long dueMillis, long offset, WaitingEvent event) {}

  /** How many events wait. */
  long events() {
    return events;
  }

  /** How many bytes they have. */
  long bytes() {
    return bytes;
  }

  void add(Entry entry, String eventId) {
    byte[] encoded = entry.event().encode();
    Bytes key = waiting(entry.dueMillis(), entry.offset());
    store.put(key, encoded);
    first = key.compareTo(first) < 0 ? key : first;
    store.put(byId(eventId, entry.dueMillis(), entry.offset()), new byte[0]);
    count(1, encoded.length);
  }

  /** The time of the event that is due next; {@link Long#MAX_VALUE} if none waits. */
  long nextDueMillis() {
    try (KeyValueIterator<Bytes, byte[]> all =
        store.range(first, waiting(Long.MAX_VALUE, Long.MAX_VALUE))) {
      if (!all.hasNext()) {
        return Long.MAX_VALUE;
      }
      first = all.next().key;
      return entryTime(first);
    }
  }

  /**
   * The events that are due, in the order of their times, and of their offsets among equals.
   *
   * @param most so many at most
   * @param mostBytes no more once they have that many bytes
   */
  List<Entry> due(long untilMillis, int most, long mostBytes) {
    List<Entry> due = new ArrayList<>();
    long dueBytes = 0;
    try (KeyValueIterator<Bytes, byte[]> all =
        store.range(first, waiting(untilMillis, Long.MAX_VALUE))) {
      while (all.hasNext() && due.size() < most && dueBytes < mostBytes) {
        KeyValue<Bytes, byte[]> next = all.next();
        dueBytes += next.value.length;
        ByteBuffer key = ByteBuffer.wrap(next.key.get());
        due.add(
            new Entry(
                key.getLong(1), key.getLong(1 + Long.BYTES), WaitingEvent.decode(next.value)));
      }
    }
    return due;
  }

  /** Takes an event out; nothing happens if it is not there any more. */
  void remove(long dueMillis, long offset, String eventId) {
    byte[] removed = store.delete(waiting(dueMillis, offset));
    store.delete(byId(eventId, dueMillis, offset));
    if (removed != null) {
      count(-1, -removed.length);
    }
  }

  /** Takes all events of an id out, and says how many there were. */
  int removeAll(String eventId) {
    List<ByteBuffer> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all =
        store.range(byId(eventId, 0, 0), byId(eventId, Long.MAX_VALUE, Long.MAX_VALUE))) {
      while (all.hasNext()) {
        found.add(ByteBuffer.wrap(all.next().key.get()));
      }
    }
    for (ByteBuffer key : found) {
      int at = key.capacity() - 2 * Long.BYTES;
      remove(key.getLong(at), key.getLong(at + Long.BYTES), eventId);
    }
    return found.size();
  }

  /** Remembers how events of an id ended. */
  void ended(String eventId, CancellationOutcome outcome, long nowMillis) {
    byte[] before = store.get(ended(eventId));
    if (before != null) {
      store.delete(endedByTime(ByteBuffer.wrap(before).getLong(), eventId));
    }
    byte[] how = ByteBuffer.allocate(Long.BYTES + 1).putLong(nowMillis).put(code(outcome)).array();
    store.put(ended(eventId), how);
    store.put(endedByTime(nowMillis, eventId), eventId.getBytes(UTF_8));
  }

  /** How events of an id ended, if that is remembered. */
  @Nullable CancellationOutcome howEnded(String eventId) {
    byte[] how = store.get(ended(eventId));
    return how == null ? null : CancellationOutcome.forNumber(how[Long.BYTES]);
  }

  /** Forgets how events ended before a time, so many of them at most. */
  void forget(long beforeMillis, int most) {
    List<KeyValue<Bytes, byte[]>> old = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all =
        store.range(endedByTime(0, ""), endedByTime(beforeMillis, ""))) {
      while (all.hasNext() && old.size() < most) {
        old.add(all.next());
      }
    }
    for (KeyValue<Bytes, byte[]> entry : old) {
      store.delete(entry.key);
      store.delete(ended(new String(entry.value, UTF_8)));
    }
  }

  private void count(int moreEvents, long moreBytes) {
    events += moreEvents;
    bytes += moreBytes;
    store.put(COUNTS, ByteBuffer.allocate(2 * Long.BYTES).putLong(events).putLong(bytes).array());
  }

  private static byte code(CancellationOutcome outcome) {
    return (byte) outcome.getNumber();
  }

  private static long entryTime(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong(1);
  }

  private static Bytes waiting(long dueMillis, long offset) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + 2 * Long.BYTES)
            .put(WAITING)
            .putLong(dueMillis)
            .putLong(offset)
            .array());
  }

  private static Bytes byId(String eventId, long dueMillis, long offset) {
    byte[] id = eventId.getBytes(UTF_8);
    // The length first: no id is then the beginning of another.
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Integer.BYTES + id.length + 2 * Long.BYTES)
            .put(BY_ID)
            .putInt(id.length)
            .put(id)
            .putLong(dueMillis)
            .putLong(offset)
            .array());
  }

  private static Bytes ended(String eventId) {
    byte[] id = eventId.getBytes(UTF_8);
    return Bytes.wrap(ByteBuffer.allocate(1 + id.length).put(ENDED).put(id).array());
  }

  private static Bytes endedByTime(long millis, String eventId) {
    byte[] id = eventId.getBytes(UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES + id.length)
            .put(ENDED_BY_TIME)
            .putLong(millis)
            .put(id)
            .array());
  }
}
