package io.jimbot.eventbus.gateway.delivery;

import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.eventbus.wire.ContentTypes;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.RecordPosition;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes the dead letters of events that a group or queue could not deliver. Immutable. */
public final class UndeliverableRecords {

  private static final String EVENT = ContentTypes.plain(Event.getDescriptor());

  private final String topic;

  /** For the Kafka topic of dead letters. */
  public UndeliverableRecords(String topic) {
    this.topic = topic;
  }

  /**
   * How an event failed.
   *
   * @param group the group or queue
   * @param reason a stable word in lower snake case
   * @param message what the subscriber said last
   * @param attempts how often it was tried
   * @param first when it failed first
   * @param last when it failed last
   */
  public record Failure(
      String group, String reason, String message, int attempts, Instant first, Instant last) {}

  /** The record; its key is the event's, so that the dead letters of a key keep their order. */
  public ProducerRecord<byte[], byte[]> record(StoredEvent event, Failure failure) {
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setDeadLetterId(UUID.randomUUID().toString())
            .setStage(DeadLetterStage.DEAD_LETTER_STAGE_DELIVER)
            .setReason(failure.reason())
            .setMessage(failure.message())
            .setOriginal(event.value())
            .setContentType(EVENT)
            .putAllHeaders(event.headers())
            .setAttempts(failure.attempts())
            .setFirstFailedAt(timestamp(failure.first()))
            .setLastFailedAt(timestamp(failure.last()))
            .setOrigin(
                RecordPosition.newBuilder()
                    .setTopic(event.log())
                    .setPartition(event.partition())
                    .setOffset(event.offset()))
            .setGroup(failure.group());
    return new ProducerRecord<>(
        topic,
        null,
        failure.last().toEpochMilli(),
        event.orderingKey(),
        letter.build().toByteArray());
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
