package io.jimbot.eventbus.processor.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.kafka.RefusedRecords.Refusal;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.junit.jupiter.api.Test;

class UnwritableRecordsTest {

  private static final String TOPIC = "t.events.latest";
  private static final byte[] VALUE = {1};

  private final FailedRecords failures =
      new FailedRecords(
          "t.dead-letters", "test", new ByteArraySerializer(), Clock.systemUTC(), reason -> {});

  /** One that says that the record was made out of the log's. */
  private static ErrorHandlerContext context() {
    return (ErrorHandlerContext)
        Proxy.newProxyInstance(
            UnwritableRecordsTest.class.getClassLoader(),
            new Class<?>[] {ErrorHandlerContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "topic" -> "t.events";
                  case "partition" -> 3;
                  case "offset" -> 17L;
                  default -> null;
                });
  }

  @Test
  void theDeadLetterOfACompactedClassHasTheOrderingKeyLikeAllOthersOfTheEvent() {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.ORDERING_KEY, "game-1".getBytes(UTF_8));
    failures
        .refused()
        .add(TOPIC, headers, VALUE, new Refusal(DeadLetterReason.RECORD_TOO_LARGE, "too large"));
    Throwable refused =
        catchThrowable(
            () -> failures.guarding(new ByteArraySerializer()).serialize(TOPIC, headers, VALUE));
    UnwritableRecords handler = new UnwritableRecords();
    handler.configure(Map.of(FailedRecords.CONFIG, failures));

    ProductionExceptionHandler.Response response =
        handler.handleSerializationError(
            context(),
            new ProducerRecord<>(TOPIC, null, null, "FOO/game-1".getBytes(UTF_8), VALUE, headers),
            (Exception) refused,
            ProductionExceptionHandler.SerializationExceptionOrigin.VALUE);

    assertThat(response.deadLetterQueueRecords())
        .singleElement()
        .satisfies(letter -> assertThat(letter.key()).isEqualTo("game-1".getBytes(UTF_8)));
  }
}
