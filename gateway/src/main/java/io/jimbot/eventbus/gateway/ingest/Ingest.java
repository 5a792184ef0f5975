package io.jimbot.eventbus.gateway.ingest;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The way in, the same for every transport. Thread-safe. */
public interface Ingest {

  /**
   * Takes a body in. Never blocks and never throws; the future always completes normally, within
   * the publisher's delivery timeout, on the caller's thread or on the Kafka producer's: whoever
   * continues it must not block there.
   *
   * @return one outcome for each event, in the order of the body; a piece of the body that could
   *     not be read as an event counts as one
   */
  CompletableFuture<List<Outcome>> submit(Submission submission);

  /**
   * The same for events that came as Protobuf.
   *
   * @return one outcome for each event, in their order
   */
  CompletableFuture<List<Outcome>> submit(EventSubmission submission);
}
