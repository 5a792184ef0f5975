package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.Submission;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Stands in until the decoder is there: takes nothing, loses nothing. */
final class PendingIngest implements Ingest {

  @Override
  public CompletableFuture<List<Outcome>> submit(Submission submission) {
    return CompletableFuture.completedFuture(
        List.of(new Outcome.Failed("not_implemented", "this build takes no events yet", null)));
  }
}
