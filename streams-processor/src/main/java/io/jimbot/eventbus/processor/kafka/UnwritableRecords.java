package io.jimbot.eventbus.processor.kafka;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.processor.kafka.FailedRecords.Origin;
import io.jimbot.events.v1.DeadLetterStage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;

/**
 * A record that Kafka refuses for what it is becomes a dead letter; any other failure to write
 * (Kafka away, a transaction lost) ends the thread, which begins again from what was committed.
 */
public final class UnwritableRecords implements ProductionExceptionHandler {

  private @Nullable FailedRecords failures;

  @Override
  public void configure(Map<String, ?> settings) {
    failures = (FailedRecords) settings.get(FailedRecords.CONFIG);
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception failure) {
    if (!(failure instanceof RecordTooLargeException)
        && !(failure instanceof InvalidTopicException)) {
      return Response.fail();
    }
    return Response.resume(List.of(letter(context, record, failure)));
  }

  /** Another serializer reads what it writes, and so may find that it is no message. */
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"}) // as Kafka declares it; all records here are bytes
  public Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord record,
      Exception failure,
      SerializationExceptionOrigin origin) {
    return failure.getCause() instanceof InvalidProtocolBufferException
        ? Response.resume(
            List.of(letter(context, (ProducerRecord<byte[], byte[]>) record, failure)))
        : Response.fail();
  }

  private ProducerRecord<byte[], byte[]> letter(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception failure) {
    Origin origin =
        new Origin(
            context.topic(),
            context.partition(),
            context.offset(),
            record.key(),
            record.value(),
            record.headers());
    return requireNonNull(failures)
        .record(
            origin,
            DeadLetterStage.DEAD_LETTER_STAGE_PUBLISH,
            failure instanceof RecordTooLargeException ? "too_large" : "not_writable",
            record.topic() + ": " + failure.getMessage());
  }
}
