package io.jimbot.eventbus.processor.kafka;

import static java.util.Objects.requireNonNull;

import io.jimbot.eventbus.processor.kafka.FailedRecords.Origin;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.events.v1.DeadLetterStage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record that makes a processor throw becomes a dead letter, in the same transaction, and the
 * topology goes on with the next. What Kafka Streams itself throws ends the thread, which begins
 * again from what was committed.
 */
public final class UnprocessableRecords implements ProcessingExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(UnprocessableRecords.class);

  private @Nullable FailedRecords failures;

  @Override
  public void configure(Map<String, ?> settings) {
    failures = (FailedRecords) settings.get(FailedRecords.CONFIG);
  }

  /** Kafka lets go of the bytes once something was made out of them. */
  private static byte @Nullable [] value(ErrorHandlerContext context, Record<?, ?> record) {
    byte[] raw = context.sourceRawValue();
    return raw == null && record.value() instanceof byte[] now ? now : raw;
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception failure) {
    if (failure instanceof StreamsException) {
      // Not the fault of what is at hand: the transaction is lost, or the disk. It is done again.
      return Response.fail();
    }
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
            value(context, record),
            context.headers());
    return Response.resume(
        List.of(
            requireNonNull(failures)
                .record(
                    origin,
                    DeadLetterStage.DEAD_LETTER_STAGE_PROCESS,
                    DeadLetterReason.PROCESSING_FAILED,
                    String.valueOf(failure))));
  }
}
