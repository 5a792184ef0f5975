package io.jimbot.eventbus.processor.kafka;

import static java.util.Objects.requireNonNull;

import io.jimbot.eventbus.processor.kafka.FailedRecords.Origin;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.events.v1.DeadLetterStage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;

/** A record whose bytes cannot be read becomes a dead letter, and the topology goes on. */
public final class UnreadableRecords implements DeserializationExceptionHandler {

  private @Nullable FailedRecords failures;

  @Override
  public void configure(Map<String, ?> settings) {
    failures = (FailedRecords) settings.get(FailedRecords.CONFIG);
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception failure) {
    Origin origin =
        new Origin(
            record.topic(),
            record.partition(),
            record.offset(),
            record.key(),
            record.value(),
            record.headers());
    return Response.resume(
        List.of(
            requireNonNull(failures)
                .record(
                    origin,
                    DeadLetterStage.DEAD_LETTER_STAGE_DECODE,
                    DeadLetterReason.UNREADABLE,
                    String.valueOf(failure.getMessage()))));
  }
}
