package io.jimbot.eventbus.gateway.deadletter;

import io.dropwizard.util.DataSize;
import io.jimbot.events.v1.DeadLetterState;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The states of very many dead letters, and where in Kafka the records lie that tell more. In many
 * small arrays: one that grows is copied, and a large one would take twice its memory then. Not
 * thread-safe.
 */
final class StateTable {

  /** What one takes at most, see {@link IdTable}. */
  static final int BYTES = 38;

  private static final int TABLES = 256;
  private static final int TIME_SHIFT = 16;

  /** The states of the contract, with room for one or two more; as many partitions as may be. */
  private static final int STATE_BITS = 3;

  private static final int PARTITION_BITS = 14;
  private static final long STATES = (1L << STATE_BITS) - 1;
  private static final long PARTITIONS = (1L << PARTITION_BITS) - 1;

  private final IdTable[] tables = new IdTable[TABLES];
  private final long most;
  private long size;

  /**
   * @param room how much memory it may take
   */
  StateTable(DataSize room) {
    this.most = room.toBytes() / BYTES;
    Arrays.setAll(tables, table -> new IdTable());
  }

  /**
   * A state, and where it is told.
   *
   * @param state the state
   * @param partition of the states' topic
   * @param offset in that partition
   */
  record Told(DeadLetterState state, int partition, long offset) {}

  /** How many have room. */
  long most() {
    return most;
  }

  /** How many there are. */
  long size() {
    return size;
  }

  /** The state of a dead letter; null if none was set. */
  @Nullable Told get(UUID id) {
    long value = table(id).get(id.getMostSignificantBits(), id.getLeastSignificantBits());
    return value == IdTable.ABSENT
        ? null
        : new Told(
            DeadLetterState.forNumber((int) (value & STATES)),
            (int) (value >>> STATE_BITS & PARTITIONS),
            value >>> STATE_BITS + PARTITION_BITS);
  }

  /**
   * Sets the state of a dead letter.
   *
   * @return false if it is a new one and has no room
   */
  boolean put(UUID id, Told told) {
    IdTable table = table(id);
    long high = id.getMostSignificantBits();
    long low = id.getLeastSignificantBits();
    if (size >= most && table.get(high, low) == IdTable.ABSENT) {
      return false;
    }
    long place = told.offset() << PARTITION_BITS | told.partition();
    size -= table.size();
    table.put(high, low, place << STATE_BITS | told.state().getNumber());
    size += table.size();
    return true;
  }

  /** Takes a dead letter out; nothing if it is not in. */
  void remove(UUID id) {
    IdTable table = table(id);
    size -= table.size();
    table.remove(id.getMostSignificantBits(), id.getLeastSignificantBits());
    size += table.size();
  }

  /** Takes all out that were made before that time, in milliseconds since 1970. */
  void removeBefore(long millis) {
    size = 0;
    for (IdTable table : tables) {
      table.removeBelow(Math.max(0, millis) << TIME_SHIFT);
      size += table.size();
    }
  }

  private IdTable table(UUID id) {
    long mixed = IdTable.mixed(id.getMostSignificantBits(), id.getLeastSignificantBits());
    return tables[(int) (mixed & (TABLES - 1))];
  }
}
