package io.jimbot.eventbus.event.json;

import org.jspecify.annotations.Nullable;

/**
 * What a batch says once for all its events.
 *
 * @param batchId the producer's name for the batch
 * @param source the source of events that name none
 * @param gameId the game of events that name none
 * @param sessionId the session of events that name none
 */
record BatchContext(
    @Nullable String batchId,
    @Nullable String source,
    @Nullable String gameId,
    @Nullable String sessionId) {

  /** No batch, or one that says nothing. */
  static final BatchContext NONE = new BatchContext(null, null, null, null);
}
