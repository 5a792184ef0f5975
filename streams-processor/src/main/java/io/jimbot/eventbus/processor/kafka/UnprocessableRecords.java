package io.jimbot.eventbus.processor.kafka;

import static java.util.Objects.requireNonNull;

import io.jimbot.eventbus.processor.kafka.FailedRecords.Origin;
import io.jimbot.events.v1.DeadLetterStage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record that makes a processor throw becomes a dead letter, in the same transaction, and the
 * topology goes on with the next.
 */
public final class UnprocessableRecords implements ProcessingExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(UnprocessableRecords.class);

  private @Nullable FailedRecords failures;

  @Override
  public void configure(Map<String, ?> settings) {
    failures = (FailedRecords) settings.get(FailedRecords.CONFIG);
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception failure) {
    if (record == null || context.topic() == null) {
      // Not the fault of a record: a punctuation. It comes again.
      LOG.error("bug: a topology threw node={}", context.processorNodeId(), failure);
      return Response.resume();
    }
    LOG.warn(
        "record not processed topic={} partition={} offset={} node={}",
        context.topic(),
        context.partition(),
        context.offset(),
        context.processorNodeId(),
        failure);
    Origin origin =
        new Origin(
            context.topic(),
            context.partition(),
            context.offset(),
            context.sourceRawKey(),
            context.sourceRawValue(),
            context.headers());
    return Response.resume(
        List.of(
            requireNonNull(failures)
                .record(
                    origin,
                    DeadLetterStage.DEAD_LETTER_STAGE_PROCESS,
                    "processing_failed",
                    String.valueOf(failure))));
  }
}
