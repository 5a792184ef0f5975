package io.jimbot.eventbus.gateway.delivery;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Names one delivery. Immutable.
 *
 * @param subscription the subscription that made it: random, so that it is unique among gateways
 * @param partition the partition of its event
 * @param offset the offset of its event
 * @param delivery tells it from the other deliveries of the event by the subscription, also from
 *     those before a rebalance: an acknowledgement that comes after the event was delivered again
 *     does not count for the later delivery's failure
 */
public record AckId(long subscription, int partition, long offset, int delivery) {

  private static final int SIZE = Long.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES;

  /** Reads what {@link #toBytes} wrote; null if the bytes are no id. */
  public static @Nullable AckId read(byte[] bytes) {
    if (bytes.length != SIZE) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new AckId(in.getLong(), in.getInt(), in.getLong(), in.getInt());
  }

  /** For the wire; 24 bytes. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(SIZE)
        .putLong(subscription)
        .putInt(partition)
        .putLong(offset)
        .putInt(delivery)
        .array();
  }
}
