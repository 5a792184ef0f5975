package io.jimbot.eventbus.gateway.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.ingest.Outcome.Accepted;
import io.jimbot.eventbus.gateway.ingest.Outcome.Failed;
import io.jimbot.eventbus.gateway.ingest.Outcome.Refused;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.Event;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class EventIngestTest {
  private static final String E0 = "{\"type\":\"HEARTBEAT\",\"event_id\":\"e-0\"}";
  private static final String E1 = "{\"type\":\"HEARTBEAT\",\"event_id\":\"e-1\"}";
  private static final String E2 = "{\"type\":\"HEARTBEAT\",\"event_id\":\"e-2\"}";
  private static final String UNREADABLE =
      "{\"type\":\"SCORING\",\"event_id\":\"é-1\",\"payload\":{\"chips\":oops}}";

  private final IngestUnderTest ingest = new IngestUnderTest();
  private final HeldPublisher kafka = ingest.kafka;

  @Test
  void theAnswerWaitsForTheLastAcknowledgementAndIsInTheOrderOfTheBody() {
    CompletableFuture<List<Outcome>> answer = ingest.batch(E0, E1, E2);

    kafka.store(2);
    kafka.store(0);
    assertThat(answer).isNotDone();

    kafka.store(1);
    assertThat(answer)
        .isCompletedWithValue(
            List.of(
                new Accepted("e-0", "jimbot.events", 0, 0, false),
                new Accepted("e-1", "jimbot.events", 0, 1, false),
                new Accepted("e-2", "jimbot.events", 0, 2, false)));
  }

  @Test
  void aBatchWithoutEventsIsAnsweredAtOnce() {
    assertThat(ingest.batch()).isCompletedWithValue(List.of());
    assertThat(kafka.count()).isZero();
  }

  @Test
  void theOneEventThatKafkaDidNotTakeIsTheOneThatFailed() {
    CompletableFuture<List<Outcome>> answer = ingest.batch(E0, E1, E2);

    kafka.store(0);
    kafka.fail(1);
    kafka.store(2);

    assertThat(answer)
        .isCompletedWithValue(
            List.of(
                new Accepted("e-0", "jimbot.events", 0, 0, false),
                new Failed("kafka_unreachable", "Kafka is away", "e-1"),
                new Accepted("e-2", "jimbot.events", 0, 2, false)));
  }

  @Test
  void anIdThatTheBusAssignedIsNotToldOfAnEventThatFailed() {
    CompletableFuture<List<Outcome>> answer = ingest.batch("{\"type\":\"HEARTBEAT\"}");

    kafka.fail(0);

    assertThat(answer)
        .isCompletedWithValue(List.of(new Failed("kafka_unreachable", "Kafka is away", null)));
  }

  @Test
  void anUnreadableEventLiesInTheDeadLettersWithItsBytesBeforeItIsRefused() throws Exception {
    CompletableFuture<List<Outcome>> answer = ingest.batch(E0, UNREADABLE, E2);

    assertThat(kafka.count()).isEqualTo(3);
    assertThat(event(0).getEventId()).isEqualTo("e-0");
    assertThat(event(2).getEventId()).isEqualTo("e-2");
    DeadLetter letter = letter(1);
    String body = IngestUnderTest.body(E0, UNREADABLE, E2);
    assertThat(letter.getOriginal().toString(UTF_8)).isEqualTo(UNREADABLE);
    assertThat(letter.getPosition()).isEqualTo(body.indexOf(UNREADABLE));
    assertThat(letter.getFaultPosition()).isEqualTo(bytesBefore(body, "oops"));
    assertThat(letter.getPath()).isEqualTo("events[1].payload.chips");
    assertThat(letter.getReason()).isEqualTo("unreadable");
    assertThat(letter.getMessage()).isNotEmpty();
    assertThat(letter.getStage()).isEqualTo(DeadLetterStage.DEAD_LETTER_STAGE_DECODE);
    assertThat(letter.getContentType()).isEqualTo("application/json");
    assertThat(letter.getProducer()).isEqualTo(IngestUnderTest.PRODUCER);
    assertThat(letter.getDeadLetterId()).isNotEmpty();
    assertThat(letter.getAttempts()).isEqualTo(1);

    kafka.store(0);
    kafka.store(2);
    assertThat(answer).isNotDone();

    kafka.store(1);
    assertThat(answer.join().get(1))
        .isEqualTo(
            new Refused(
                true, "unreadable", "events[1].payload.chips", letter.getMessage(), "é-1", true));
  }

  @Test
  void aDeadLetterKeepsTheTimesThatTheEventWasToHave() throws Exception {
    Instant due = IngestUnderTest.RECEIVED.plusSeconds(60);
    var unused =
        ingest.submit(
            Submission.Kind.BATCH,
            IngestUnderTest.body(UNREADABLE),
            null,
            null,
            new Timing(due, due.plusSeconds(1)));

    DeadLetter letter = letter(0);
    assertThat(letter.getHeadersOrThrow(HeaderNames.DELIVER_AT).toStringUtf8())
        .isEqualTo(Long.toString(due.toEpochMilli()));
    assertThat(letter.getHeadersOrThrow(HeaderNames.EXPIRES_AT).toStringUtf8())
        .isEqualTo(Long.toString(due.plusSeconds(1).toEpochMilli()));
  }

  @Test
  void anUnacceptableEventIsADeadLetterOfTheValidation() throws Exception {
    CompletableFuture<List<Outcome>> answer =
        ingest.batch("{\"type\":\"HEARTBEAT\",\"event_id\":7}");

    kafka.store(0);

    assertThat(letter(0).getStage()).isEqualTo(DeadLetterStage.DEAD_LETTER_STAGE_VALIDATE);
    assertThat(answer.join())
        .containsExactly(
            new Refused(
                false, "invalid", "events[0].event_id", letter(0).getMessage(), null, true));
  }

  @Test
  void anEventWhoseDeadLetterKafkaDidNotTakeIsToBeSentAgain() {
    CompletableFuture<List<Outcome>> answer = ingest.batch(UNREADABLE);

    kafka.fail(0);

    assertThat(answer)
        .isCompletedWithValue(List.of(new Failed("kafka_unreachable", "Kafka is away", "é-1")));
  }

  @Test
  void anEventWhoseDeadLetterCanNeverBeStoredIsRefusedAllTheSame() {
    CompletableFuture<List<Outcome>> answer = ingest.batch(UNREADABLE);

    kafka.refuse(0);

    assertThat(answer.join())
        .singleElement()
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo("unreadable");
              assertThat(refused.deadLettered()).isFalse();
            });
  }

  @Test
  void anEventThatKafkaWillNeverTakeBecomesADeadLetterAndIsRefused() throws Exception {
    CompletableFuture<List<Outcome>> answer = ingest.batch(E0, E1);

    kafka.store(0);
    kafka.refuse(1);

    assertThat(answer).isNotDone();
    DeadLetter letter = letter(2);
    assertThat(letter.getStage()).isEqualTo(DeadLetterStage.DEAD_LETTER_STAGE_PUBLISH);
    assertThat(letter.getReason()).isEqualTo("record_too_large");
    assertThat(letter.getOriginal().toString(UTF_8)).isEqualTo(E1);
    assertThat(letter.getPosition()).isEqualTo(IngestUnderTest.body(E0, E1).indexOf(E1));

    kafka.store(2);
    assertThat(answer.join())
        .containsExactly(
            new Accepted("e-0", "jimbot.events", 0, 0, false),
            new Refused(false, "record_too_large", "events[1]", "it is too large", "e-1", true));
  }

  @Test
  void theRefusalOfAnEventSubmittedAloneWritesNoDeadLetter() {
    CompletableFuture<List<Outcome>> unreadable = ingest.single(UNREADABLE);

    assertThat(kafka.count()).isZero();
    assertThat(unreadable.join())
        .singleElement()
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.path()).isEqualTo("payload.chips");
              assertThat(refused.deadLettered()).isFalse();
            });

    CompletableFuture<List<Outcome>> tooLarge = ingest.single(E0);
    kafka.refuse(0);

    assertThat(kafka.count()).isEqualTo(1);
    assertThat(tooLarge)
        .isCompletedWithValue(
            List.of(new Refused(false, "record_too_large", "", "it is too large", "e-0", false)));
  }

  private static int bytesBefore(String body, String part) {
    return body.substring(0, body.indexOf(part)).getBytes(UTF_8).length;
  }

  private Event event(int index) throws InvalidProtocolBufferException {
    assertThat(kafka.record(index).topic()).isEqualTo("jimbot.events");
    return Event.parseFrom(kafka.record(index).value());
  }

  private DeadLetter letter(int index) throws InvalidProtocolBufferException {
    ProducerRecord<byte[], byte[]> record = kafka.record(index);
    assertThat(record.topic()).isEqualTo("jimbot.dead-letters");
    assertThat(new String(record.key(), UTF_8)).isEqualTo(IngestUnderTest.PRODUCER);
    assertThat(record.timestamp()).isEqualTo(IngestUnderTest.RECEIVED.toEpochMilli());
    return DeadLetter.parseFrom(record.value());
  }
}
