package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jimbot.eventbus.gateway.deadletter.TooMuchToReadException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How questions to the {@link io.jimbot.eventbus.gateway.deadletter.DeadLetterDesk} are answered.
 */
final class DeskAnswers {

  /** After what time to ask again what could not be answered. */
  static final int RETRY_SECONDS = 1;

  private static final Logger LOG = LoggerFactory.getLogger(DeskAnswers.class);

  private final LaterAnswers answers;

  DeskAnswers(LaterAnswers answers) {
    this.answers = answers;
  }

  /** A question to the desk. */
  interface Question<T> {
    CompletableFuture<T> ask();
  }

  /** Asks, and answers with words for what the desk says. */
  <T> void answer(
      AsyncResponse response, Question<T> question, Function<? super T, Response> words) {
    try {
      var unused =
          answers.send(
              response,
              question.ask().thenApply(words).exceptionally(DeskAnswers::unavailable),
              Function.identity());
    } catch (RejectedExecutionException e) {
      response.resume(
          JsonResponse.of(Answer.error(503, "busy", "too many questions wait", RETRY_SECONDS)));
    }
  }

  private static Response unavailable(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof TooMuchToReadException) {
      return JsonResponse.of(
          Answer.error(422, "too_much_to_read", String.valueOf(cause.getMessage())));
    }
    LOG.warn("dead letters cannot be read", cause);
    return JsonResponse.of(
        Answer.error(
            503,
            "kafka_unreachable",
            "the dead letters cannot be read now: " + cause.getMessage(),
            RETRY_SECONDS));
  }

  static Response unknown(String id) {
    return JsonResponse.of(Answer.error(404, "not_found", "there is no dead letter " + id));
  }

  static Response json(int status, ObjectNode body) {
    return JsonResponse.of(status, body.toString().getBytes(UTF_8));
  }
}
