package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import jakarta.ws.rs.container.AsyncResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends answers that are not known at once, on threads of their own: writing waits for the client,
 * and whoever found the answer, Kafka's producer among them, has others to serve. A client that
 * takes longer than {@code http.writeTimeout} is cut off. Thread-safe.
 */
public final class LaterAnswers {

  private final Executor writers;
  private final ScheduledExecutorService timer;
  private final long writeTimeoutMillis;
  private final HttpMetrics metrics;

  /**
   * Owns neither of them.
   *
   * @param writers what may block; the connections bound what waits there
   * @param timer ends what takes too long
   */
  public LaterAnswers(
      Executor writers,
      ScheduledExecutorService timer,
      Duration writeTimeout,
      HttpMetrics metrics) {
    this.writers = writers;
    this.timer = timer;
    this.writeTimeoutMillis = writeTimeout.toMillis();
    this.metrics = metrics;
  }

  /**
   * Answers with the result once it is there; here and now if it is. A failure is answered as one.
   *
   * @param words makes the response, on the thread that writes it
   * @return is done when the client has got it, or never will
   */
  <T> CompletableFuture<Void> send(
      AsyncResponse response, CompletionStage<T> result, Function<? super T, ?> words) {
    CompletableFuture<T> known = result.toCompletableFuture();
    if (known.isDone()) {
      resume(response, known, words);
      return CompletableFuture.completedFuture(null);
    }
    return known
        .whenComplete((value, failure) -> metrics.answerKnown())
        .handleAsync(
            (value, failure) -> {
              write(response, known, words);
              return failure == null;
            },
            writers)
        .whenComplete((written, failure) -> metrics.answerSent())
        .thenAccept(written -> {});
  }

  private <T> void write(
      AsyncResponse response, CompletableFuture<T> known, Function<? super T, ?> words) {
    Deadline deadline = new Deadline(Thread.currentThread());
    var scheduled =
        timer.schedule(
            () -> {
              if (deadline.pass()) {
                metrics.answerCutOff();
              }
            },
            writeTimeoutMillis,
            TimeUnit.MILLISECONDS);
    try {
      resume(response, known, words);
    } finally {
      deadline.meet();
      scheduled.cancel(false);
    }
  }

  private static <T> void resume(
      AsyncResponse response, CompletableFuture<T> known, Function<? super T, ?> words) {
    Object answer;
    try {
      answer = words.apply(known.join());
    } catch (RuntimeException failure) {
      response.resume(failure.getCause() == null ? failure : failure.getCause());
      return;
    }
    response.resume(answer);
  }

  /** Interrupts a thread, unless that is done before; then not the thread's next work either. */
  private static final class Deadline {

    private final Thread thread;
    private boolean met;

    Deadline(Thread thread) {
      this.thread = thread;
    }

    /** Whether it was not met. */
    synchronized boolean pass() {
      if (!met) {
        thread.interrupt();
      }
      return !met;
    }

    synchronized void meet() {
      met = true;
      boolean unused = Thread.interrupted();
    }
  }
}
