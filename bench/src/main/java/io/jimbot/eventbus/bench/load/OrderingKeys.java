package io.jimbot.eventbus.bench.load;

/** The same keys for the gateway and the plain producer, so that partitions fill alike. */
final class OrderingKeys {

  private OrderingKeys() {}

  static String of(int slot) {
    return "bench-" + slot;
  }
}
