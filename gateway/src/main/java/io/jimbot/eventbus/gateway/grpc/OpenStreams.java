package io.jimbot.eventbus.gateway.grpc;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are open, so that all can be told when the gateway stops. Thread-safe. */
final class OpenStreams {

  /** A stream that can be told. */
  interface Drainable {
    /** No new deliveries; the client is told, and may acknowledge until a time. */
    void drain(Instant deadline);

    /** The time is over. */
    void end();
  }

  private final Set<Drainable> streams = ConcurrentHashMap.newKeySet();

  /** Written once by whoever stops. */
  private volatile boolean draining;

  /** Whether new streams are refused. */
  boolean isDraining() {
    return draining;
  }

  void add(Drainable stream) {
    streams.add(stream);
  }

  void remove(Drainable stream) {
    streams.remove(stream);
  }

  boolean isEmpty() {
    return streams.isEmpty();
  }

  void drain(Instant deadline) {
    draining = true;
    streams.forEach(stream -> stream.drain(deadline));
  }

  void end() {
    streams.forEach(Drainable::end);
  }
}
