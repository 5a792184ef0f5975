package io.jimbot.eventbus.gateway.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.json.Decoded;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.deadletter.DeadLetterRecords;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.eventbus.service.record.FactHeaders;
import io.jimbot.eventbus.service.record.HeaderTime;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.Event;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Makes the dead letters of pieces of a body that could not be taken. Immutable. */
final class RefusedPieces {

  private final DeadLetterRecords records;

  RefusedPieces(DeadLetterRecords records) {
    this.records = records;
  }

  /** The dead letter of a piece that is no acceptable event. */
  ProducerRecord<byte[], byte[]> record(Submission submission, Decoded.Broken broken) {
    DeadLetterStage stage =
        broken.malformed()
            ? DeadLetterStage.DEAD_LETTER_STAGE_DECODE
            : DeadLetterStage.DEAD_LETTER_STAGE_VALIDATE;
    DeadLetter.Builder letter =
        letter(submission, broken).setPath(broken.path()).setFaultPosition(broken.faultPosition());
    if (broken.batchId() != null) {
      letter.setBatchId(broken.batchId());
    }
    put(HeaderNames.EVENT_ID, broken.eventId(), letter);
    put(HeaderNames.EVENT_TYPE, broken.type(), letter);
    return record(submission, letter, stage, broken.reason(), broken.message());
  }

  /**
   * The dead letter of an event that Kafka will never store in the log.
   *
   * @param refused the record as it was to be stored
   */
  ProducerRecord<byte[], byte[]> record(
      Submission submission,
      Decoded.Readable event,
      ProducerRecord<byte[], byte[]> refused,
      String reason,
      String message) {
    DeadLetter.Builder letter = letter(submission, event);
    refused.headers().forEach(header -> put(header.key(), header.value(), letter));
    if (isProtobuf(submission)) {
      letter.setOriginal(ByteString.copyFrom(event.value()));
    }
    String batchId = batchId(event.value());
    if (!batchId.isEmpty()) {
      letter.setBatchId(batchId);
    }
    return record(submission, letter, DeadLetterStage.DEAD_LETTER_STAGE_PUBLISH, reason, message);
  }

  private static String batchId(byte[] event) {
    try {
      return Event.parseFrom(event).getBatchId();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the decoder writes events", e);
    }
  }

  private static DeadLetter.Builder letter(Submission submission, Decoded piece) {
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setOriginal(ByteString.copyFrom(submission.body(), piece.position(), piece.length()))
            .setContentType(
                isProtobuf(submission) ? FactHeaders.CONTENT_TYPE : DeadLetterRecords.JSON)
            .setPosition(piece.position())
            .setProducer(submission.producer());
    put(HeaderNames.TRACEPARENT, submission.traceparent(), letter);
    put(DeadLetterRecords.ORDERING_KEY, submission.orderingKey(), letter);
    put(HeaderNames.DELIVER_AT, submission.timing().deliverAt(), letter);
    put(HeaderNames.EXPIRES_AT, submission.timing().expiresAt(), letter);
    return letter;
  }

  private static void put(String name, @Nullable String value, DeadLetter.Builder letter) {
    if (value != null) {
      put(name, value.getBytes(UTF_8), letter);
    }
  }

  private static void put(String name, byte @Nullable [] value, DeadLetter.Builder letter) {
    if (value != null) {
      letter.putHeaders(name, ByteString.copyFrom(value));
    }
  }

  private static void put(String name, @Nullable Instant time, DeadLetter.Builder letter) {
    if (time != null) {
      put(name, HeaderTime.of(time.toEpochMilli()), letter);
    }
  }

  private static boolean isProtobuf(Submission submission) {
    return submission.kind() == Submission.Kind.PROTOBUF_BATCH;
  }

  private ProducerRecord<byte[], byte[]> record(
      Submission submission,
      DeadLetter.Builder letter,
      DeadLetterStage stage,
      String reason,
      String message) {
    return records.record(
        submission.producer().getBytes(UTF_8),
        letter,
        Failure.once(stage, DeadLetterReason.of(reason), message, submission.receivedAt()));
  }
}
