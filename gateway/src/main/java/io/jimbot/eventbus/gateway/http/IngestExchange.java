package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.Submission;
import io.jimbot.eventbus.gateway.ingest.Submission.Kind;
import io.jimbot.eventbus.gateway.telemetry.TraceParent;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One publishing request from its header to its answer: read, submit, wait for the outcomes without
 * a thread, answer. Every phase has its own deadline. Reading happens on Jetty's threads, the
 * answer wherever the outcomes come.
 */
final class IngestExchange implements BodyReader.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(IngestExchange.class);

  /** The answer to more events than that is not put together on the Kafka producer's thread. */
  private static final int FEW_EVENTS = 256;

  private final IngestServices services;
  private final RequestHead head;
  private final Instant receivedAt;
  private final AsyncAnswer answer;

  /** Set before the phase that it bounds begins, and replaced by that phase's own thread only. */
  private volatile @Nullable Future<?> deadline;

  IngestExchange(
      IngestServices services, RequestHead head, Instant receivedAt, AsyncAnswer answer) {
    this.services = services;
    this.head = head;
    this.receivedAt = receivedAt;
    this.answer = answer;
  }

  /** To be called before the reading starts. */
  void expectBody() {
    deadline =
        services
            .timer()
            .schedule(
                () -> refused(RequestHead.tooSlow()),
                services.readTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  /** To be called when the request has ended, however it did. */
  void ended() {
    Future<?> pending = deadline;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  @Override
  public void body(byte[] bytes, int length) {
    ended();
    if (answer.isTaken()) {
      return;
    }
    deadline =
        services
            .timer()
            .schedule(this::giveUp, services.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
    Submission submission =
        new Submission(
            bytes,
            length,
            head.kind(),
            head.producer(),
            head.orderingKey(),
            head.traceparent(),
            receivedAt,
            head.timing());
    try {
      var unused = services.ingest().submit(submission).whenComplete(this::answerWith);
    } catch (RuntimeException e) {
      answerWith(null, e);
    }
  }

  @Override
  public void refused(Answer refusal) {
    if (!answer.isTaken()) {
      services.metrics().rejected(refusal.reason());
      answer.send(refusal);
    }
  }

  @Override
  public void gone() {
    answer.abandon();
  }

  /** On the Kafka producer's thread, mostly. */
  private void answerWith(@Nullable List<Outcome> outcomes, @Nullable Throwable breach) {
    if (outcomes == null) {
      String errorId = UUID.randomUUID().toString();
      LOG.error(
          "bug: ingest broke its promise not to throw error_id={} trace_id={}",
          errorId,
          TraceParent.traceId(head.traceparent()),
          breach);
      answer.send(Answer.unexpected(errorId));
    } else if (outcomes.size() > FEW_EVENTS) {
      answer.onJettyThread(() -> answer.send(words(outcomes)));
    } else {
      answer.send(words(outcomes));
    }
  }

  private Answer words(List<Outcome> outcomes) {
    IngestAnswers answers = services.answers();
    return head.kind() == Kind.SINGLE ? answers.single(outcomes) : answers.batch(outcomes);
  }

  /** Kafka's own deadline has passed a while ago: nothing here has had a processor for so long. */
  private void giveUp() {
    if (answer.isTaken()) {
      return;
    }
    services.metrics().answerGivenUp();
    LOG.warn(
        "ingest did not answer in time: is this machine or its Java overloaded?"
            + " timeout_ms={} trace_id={}",
        services.answerTimeout().toMillis(),
        TraceParent.traceId(head.traceparent()));
    answer.send(
        Answer.error(
            503,
            "timeout",
            "the bus did not answer in time; send it again",
            services.retryAfterSeconds()));
  }
}
