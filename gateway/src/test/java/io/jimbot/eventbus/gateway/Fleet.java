package io.jimbot.eventbus.gateway;

import io.grpc.ManagedChannel;
import java.net.URI;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gateways that are replaced one after the other, as their clients see them: whoever asks again is
 * sent to the next one, also to one that is about to stop. Thread-safe.
 */
final class Fleet {

  /** A gateway, a connection to it, and where it is reached once it is gone, too. */
  private record Berth(GatewayServer gateway, ManagedChannel channel, int httpPort) {}

  private final GatewaysUnderTest gateways;
  private final CopyOnWriteArrayList<Berth> berths = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  /** Starts so many. */
  Fleet(GatewaysUnderTest gateways, int size) throws Exception {
    this.gateways = gateways;
    for (int i = 0; i < size; i++) {
      berths.add(started());
    }
  }

  private Berth started() throws Exception {
    GatewayServer gateway = gateways.start();
    return new Berth(gateway, gateways.connect(gateway), gateway.httpPort());
  }

  int size() {
    return berths.size();
  }

  private Berth next() {
    return berths.get(turn.getAndIncrement() % berths.size());
  }

  /** A connection to the next one. */
  ManagedChannel channel() {
    return next().channel();
  }

  /** Something at the next one, over HTTP. */
  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + next().httpPort() + path);
  }

  /** Stops one, and starts another in its place. */
  void restart(int number) throws Exception {
    berths.get(number).gateway().close();
    berths.set(number, started());
  }
}
