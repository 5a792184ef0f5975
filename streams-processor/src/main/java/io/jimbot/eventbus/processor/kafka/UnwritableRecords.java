package io.jimbot.eventbus.processor.kafka;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.kafka.FailedRecords.Origin;
import io.jimbot.eventbus.processor.kafka.GuardedSerializer.RefusedBefore;
import io.jimbot.eventbus.processor.kafka.RefusedRecords.Refusal;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.events.v1.DeadLetterStage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;

/**
 * A record that Kafka refuses for what it is becomes a dead letter once it is to be written again
 * (see {@link RefusedRecords}). Every failure to write ends the thread, which begins again from
 * what was committed.
 */
public final class UnwritableRecords implements ProductionExceptionHandler {

  private @Nullable FailedRecords failures;

  @Override
  public void configure(Map<String, ?> settings) {
    failures = (FailedRecords) settings.get(FailedRecords.CONFIG);
  }

  /** On the producer's own thread, while the topology is at some later record. */
  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception failure) {
    DeadLetterReason reason = reason(failure);
    if (reason != null) {
      remember(requireNonNull(failures), record, reason, String.valueOf(failure.getMessage()));
    }
    return Response.fail();
  }

  private static void remember(
      FailedRecords failures,
      ProducerRecord<byte[], byte[]> record,
      DeadLetterReason reason,
      String message) {
    if (record.topic().equals(failures.topic())) {
      failures.letterRefused(record.value().length);
    } else {
      Refusal refusal = new Refusal(reason, record.topic() + ": " + message);
      failures.refused().add(record.topic(), record.headers(), record.value(), refusal);
    }
  }

  private static @Nullable DeadLetterReason reason(Exception failure) {
    if (failure instanceof RecordTooLargeException
        || failure instanceof RecordBatchTooLargeException) {
      return DeadLetterReason.RECORD_TOO_LARGE;
    }
    return failure instanceof InvalidRecordException || failure instanceof InvalidTimestampException
        ? DeadLetterReason.RECORD_INVALID
        : null;
  }

  /** Before anything is handed to Kafka, so that the transaction holds. */
  @Override
  @SuppressWarnings("rawtypes") // as Kafka declares it; all records here are bytes
  public Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord record,
      Exception failure,
      SerializationExceptionOrigin origin) {
    byte[] key = (byte[]) record.key();
    if (failure instanceof RefusedBefore before) {
      Headers headers = record.headers();
      return Response.resume(
          List.of(letter(context, key, before.value(), headers, before.refusal())));
    }
    if (failure.getCause() instanceof InvalidProtocolBufferException) {
      // Another serializer reads what it writes, and so may find that it is no message.
      Refusal refusal =
          new Refusal(
              DeadLetterReason.RECORD_INVALID, record.topic() + ": " + failure.getMessage());
      return Response.resume(
          List.of(letter(context, key, (byte[]) record.value(), record.headers(), refusal)));
    }
    return Response.fail();
  }

  private ProducerRecord<byte[], byte[]> letter(
      ErrorHandlerContext context,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      Refusal refusal) {
    FailedRecords records = requireNonNull(failures);
    Header told = headers.lastHeader(HeaderNames.ORDERING_KEY);
    byte[] orderingKey = told == null ? key : told.value();
    if (context.topic() == null) {
      return records.record(orderingKey, value, headers, refusal.reason(), refusal.message());
    }
    Origin origin =
        new Origin(
            context.topic(), context.partition(), context.offset(), orderingKey, value, headers);
    return records.record(
        origin, DeadLetterStage.DEAD_LETTER_STAGE_PUBLISH, refusal.reason(), refusal.message());
  }
}
