package io.jimbot.eventbus.gateway.grpc;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The streams that are open, so that all can be told when the gateway stops. Thread-safe. */
final class OpenStreams {

  /** A stream that can be told. */
  interface Drainable {
    /**
     * No new deliveries; the client is told, and may acknowledge until a time. Perhaps called
     * twice.
     */
    void drain(Instant deadline);

    /** The time is over. */
    void end();
  }

  private final Set<Drainable> streams = ConcurrentHashMap.newKeySet();

  /** Written by whoever stops; null before. */
  private volatile @Nullable Instant deadline;

  /** Whether new streams are refused. */
  boolean isDraining() {
    return deadline != null;
  }

  /** Takes a stream in; one that came too late to be refused is told at once. */
  void add(Drainable stream) {
    streams.add(stream);
    Instant until = deadline;
    if (until != null) {
      stream.drain(until);
    }
  }

  void remove(Drainable stream) {
    streams.remove(stream);
  }

  boolean isEmpty() {
    return streams.isEmpty();
  }

  void drain(Instant until) {
    deadline = until;
    streams.forEach(stream -> stream.drain(until));
  }

  void end() {
    streams.forEach(Drainable::end);
  }
}
