package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.deadletter.TooMuchToReadException;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeskAnswersTest {

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final DeskAnswers answers =
      new DeskAnswers(
          new LaterAnswers(
              Runnable::run,
              timer,
              Duration.ofSeconds(30),
              new HttpMetrics(new PrometheusRegistry())));

  @AfterEach
  void stopTimer() {
    timer.shutdownNow();
  }

  /** What a client gets whose question fails so. */
  private Response answerTo(Throwable failure) {
    AtomicReference<Response> answer = new AtomicReference<>();
    AsyncResponse response =
        (AsyncResponse)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {AsyncResponse.class},
                (proxy, method, arguments) -> {
                  answer.set((Response) arguments[0]);
                  return true;
                });
    answers.answer(
        response,
        () -> CompletableFuture.failedFuture(failure),
        words -> DeskAnswers.json(200, LetterJson.object()));
    return requireNonNull(answer.get());
  }

  private static String body(Response response) {
    return new String((byte[]) response.getEntity(), UTF_8);
  }

  @Test
  void whatIsTooMuchToReadIsNoFaultOfKafkaAndNotToBeAskedAgain() {
    Response answer = answerTo(new TooMuchToReadException("narrow it"));

    assertThat(answer.getStatus()).isEqualTo(422);
    assertThat(answer.getHeaderString("Retry-After")).isNull();
    assertThat(body(answer)).contains("\"too_much_to_read\"", "narrow it");
  }

  @Test
  void thatKafkaIsAwayIsSaidAsSuch() {
    Response answer = answerTo(new TimeoutException("no broker"));

    assertThat(answer.getStatus()).isEqualTo(503);
    assertThat(answer.getHeaderString("Retry-After")).isEqualTo("1");
    assertThat(body(answer)).contains("\"kafka_unreachable\"", "no broker");
  }
}
