package io.jimbot.eventbus.gateway.replay;

import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Managed replays, for the transports. Thread-safe; no method blocks. */
public interface Replays {

  /** All that are known, the newest first. */
  List<Replay> all();

  /** One of them; null if none is known by that id. */
  @Nullable Replay find(String id);

  /** Whether all that Kafka tells of replays was read once: before, an unknown one may exist. */
  boolean isReady();

  /** Asks for a replay; it gets its id here. The answer comes when that is stored. */
  CompletableFuture<ReplayOutcome> start(ReplayRequest.Builder request);

  /** Wants something of a replay. The answer comes when that is stored. */
  CompletableFuture<ReplayOutcome> wish(String id, ReplayAction action);
}
