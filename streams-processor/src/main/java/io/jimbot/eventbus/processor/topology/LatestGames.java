package io.jimbot.eventbus.processor.topology;

import static java.util.Objects.requireNonNull;

import io.jimbot.eventbus.event.HeaderNames;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/**
 * Sends on each state that is newer than those before of its game, with the game as its key. How
 * new the last one was is remembered for a week; a state that comes after that is the newest. So is
 * one whose clock is far ahead of the time at which it came in: what is remembered of it would stop
 * all right ones.
 */
final class LatestGames extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

  /** States within one slot share one entry of the store. */
  private static final long SLOT_MILLIS = RetentionTopology.GAME_MEMORY.toMillis() / 4;

  private static final long AHEAD_SECONDS = Duration.ofHours(1).toSeconds();

  private final RetentionCounts counts;
  private @Nullable WindowStore<Bytes, byte[]> clocks;

  LatestGames(RetentionCounts counts) {
    this.counts = counts;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    super.init(context);
    clocks = context.getStateStore(RetentionTopology.GAME_CLOCKS_STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    byte[] game = EventHeaders.bytes(record.headers(), HeaderNames.GAME_ID);
    if (game == null) {
      return;
    }
    GameClock clock = GameClock.of(record.value());
    if (clock != null && !isFarAhead(clock, record.timestamp())) {
      GameClock newest = newest(new Bytes(game), record.timestamp());
      if (newest != null && clock.isBefore(newest)) {
        counts.outdatedState();
        return;
      }
      long slot = record.timestamp() - record.timestamp() % SLOT_MILLIS;
      requireNonNull(clocks).put(new Bytes(game), clock.toBytes(), slot);
    }
    context().forward(record.withKey(game));
  }

  /** In seconds: a game may say any number of them, and as milliseconds not all have room. */
  private static boolean isFarAhead(GameClock clock, long receivedAt) {
    return clock.seconds() > Math.floorDiv(receivedAt, 1_000L) + AHEAD_SECONDS;
  }

  private @Nullable GameClock newest(Bytes game, long time) {
    // A state is remembered from the beginning of its slot on.
    long memory = RetentionTopology.GAME_MEMORY.toMillis() + SLOT_MILLIS;
    GameClock newest = null;
    try (WindowStoreIterator<byte[]> found =
        requireNonNull(clocks).fetch(game, Math.max(0, time - memory), time + memory)) {
      while (found.hasNext()) {
        GameClock each = GameClock.read(found.next().value);
        newest = newest == null || newest.isBefore(each) ? each : newest;
      }
    }
    return newest;
  }
}
