package io.jimbot.eventbus.gateway.ingest;

/** Told which producer was heard of in which game. Thread-safe; must not block. */
@FunctionalInterface
public interface GameSightings {

  /** An event of this producer named this game. */
  void seen(String producer, String gameId);
}
