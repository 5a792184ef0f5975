package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.gateway.ingest.EventSubmission;
import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.Submission;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** An ingest that remembers what it was given, and answers as a test wants. */
class RecordingIngest implements Ingest {

  final List<Submission> submissions = new CopyOnWriteArrayList<>();

  private volatile Function<Submission, CompletableFuture<List<Outcome>>> behaviour =
      submission -> CompletableFuture.completedFuture(List.of(accepted("e-1")));

  static Outcome accepted(String eventId) {
    return new Outcome.Accepted(eventId, "jimbot.events", 0, 7, false);
  }

  static List<Outcome> accepted(int count) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outcomes.add(accepted("e-" + i));
    }
    return outcomes;
  }

  void answersWith(List<Outcome> outcomes) {
    behaviour = submission -> CompletableFuture.completedFuture(outcomes);
  }

  void answersWith(CompletableFuture<List<Outcome>> later) {
    behaviour = submission -> later;
  }

  String lastBody() {
    Submission last = submissions.get(submissions.size() - 1);
    return new String(last.body(), 0, last.length(), StandardCharsets.UTF_8);
  }

  @Override
  public CompletableFuture<List<Outcome>> submit(Submission submission) {
    submissions.add(submission);
    return behaviour.apply(submission);
  }

  @Override
  public CompletableFuture<List<Outcome>> submit(EventSubmission submission) {
    throw new UnsupportedOperationException("no test of HTTP sends Protobuf");
  }
}
