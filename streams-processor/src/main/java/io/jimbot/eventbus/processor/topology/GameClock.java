package io.jimbot.eventbus.processor.topology;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.Event;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * When a state of a game was, by the game's own clocks. A game that sends again what it could not
 * send sends old states after new ones.
 *
 * @param seconds since 1970
 * @param monotonicMillis since the game's process began; 0 where it does not say
 */
record GameClock(long seconds, double monotonicMillis) {

  private static final int BYTES = Long.BYTES + Double.BYTES;

  /** That of a state; null if it says no time, or is no event. */
  static @Nullable GameClock of(byte[] value) {
    try {
      Event event = Event.parseFrom(ConfluentFrame.message(value));
      if (event.hasGameState() && event.getGameState().hasTimestamp()) {
        return new GameClock(event.getGameState().getTimestamp(), event.getMonotonicMs());
      }
      return event.hasTimestamp()
          ? new GameClock(
              event.getTimestamp().getSeconds(), event.getTimestamp().getNanos() / 1_000_000.0)
          : null;
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  static GameClock read(byte[] stored) {
    ByteBuffer bytes = ByteBuffer.wrap(stored);
    return new GameClock(bytes.getLong(), bytes.getDouble());
  }

  byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(seconds).putDouble(monotonicMillis).array();
  }

  boolean isBefore(GameClock other) {
    return seconds == other.seconds
        ? monotonicMillis < other.monotonicMillis
        : seconds < other.seconds;
  }
}
