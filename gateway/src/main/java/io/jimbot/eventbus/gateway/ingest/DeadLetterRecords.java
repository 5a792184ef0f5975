package io.jimbot.eventbus.gateway.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.json.Decoded;
import io.jimbot.eventbus.wire.ContentTypes;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.Event;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes the Kafka record of a piece of a body that could not be taken. Immutable. */
final class DeadLetterRecords {
  private static final String JSON = "application/json";
  private static final String PROTOBUF = ContentTypes.plain(Event.getDescriptor());

  private final String topic;

  DeadLetterRecords(String topic) {
    this.topic = topic;
  }

  /** The dead letter of a piece that is no acceptable event. */
  ProducerRecord<byte[], byte[]> record(Submission submission, Decoded.Broken broken) {
    DeadLetterStage stage =
        broken.malformed()
            ? DeadLetterStage.DEAD_LETTER_STAGE_DECODE
            : DeadLetterStage.DEAD_LETTER_STAGE_VALIDATE;
    DeadLetter.Builder letter =
        letter(submission, stage, broken)
            .setReason(broken.reason())
            .setMessage(broken.message())
            .setPath(broken.path())
            .setFaultPosition(broken.faultPosition());
    return record(submission, letter.build());
  }

  /** The dead letter of an event that Kafka will never store in the log. */
  ProducerRecord<byte[], byte[]> record(
      Submission submission, Decoded.Readable event, String reason, String message) {
    DeadLetter.Builder letter =
        letter(submission, DeadLetterStage.DEAD_LETTER_STAGE_PUBLISH, event)
            .setReason(reason)
            .setMessage(message);
    if (isProtobuf(submission)) {
      letter.setOriginal(ByteString.copyFrom(event.value()));
    }
    return record(submission, letter.build());
  }

  private static DeadLetter.Builder letter(
      Submission submission, DeadLetterStage stage, Decoded piece) {
    Timestamp at = timestamp(submission.receivedAt());
    return DeadLetter.newBuilder()
        .setDeadLetterId(UUID.randomUUID().toString())
        .setStage(stage)
        .setOriginal(ByteString.copyFrom(submission.body(), piece.position(), piece.length()))
        .setContentType(isProtobuf(submission) ? PROTOBUF : JSON)
        .setPosition(piece.position())
        .setProducer(submission.producer())
        .setAttempts(1)
        .setFirstFailedAt(at)
        .setLastFailedAt(at);
  }

  private static boolean isProtobuf(Submission submission) {
    return submission.kind() == Submission.Kind.PROTOBUF_BATCH;
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private ProducerRecord<byte[], byte[]> record(Submission submission, DeadLetter letter) {
    return new ProducerRecord<>(
        topic,
        null,
        submission.receivedAt().toEpochMilli(),
        submission.producer().getBytes(UTF_8),
        letter.toByteArray());
  }
}
