package io.jimbot.eventbus.processor;

import static io.jimbot.eventbus.processor.TestKafka.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.deadletter.DeadLetterRecords;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.eventbus.testing.kafka.TestTopics;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterActionKind;
import io.jimbot.events.v1.DeadLetterActionProgress;
import io.jimbot.events.v1.DeadLetterCount;
import io.jimbot.events.v1.DeadLetterStage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A redrive of what the log does not take. */
@Timeout(180)
class RefusedRedriveIT {

  private static final int LETTERS = 30;
  private static final int LARGE = 10;
  private static final Instant FAILED = Instant.now();

  @TempDir private Path directory;

  private final DeadLetterRecords records = new DeadLetterRecords(TOPICS.deadLetters());
  private TestKafka kafka;
  private ProcessorServer processor;

  @BeforeEach
  void start() throws Exception {
    kafka = new TestKafka(directory.resolve("kafka"));
    try (Admin admin = kafka.admin()) {
      ConfigResource log = new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.events());
      ConfigEntry limit = new ConfigEntry("max.message.bytes", "5000");
      admin
          .incrementalAlterConfigs(
              Map.of(log, List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
          .all()
          .get();
      NewTopic actions = new NewTopic(TOPICS.deadLetterActions(), Optional.of(1), Optional.empty());
      NewTopic delayed = new NewTopic(TOPICS.delayed(), Optional.of(1), Optional.empty());
      TestTopics.make(admin, actions, delayed);
    }
    processor =
        ProcessorServer.start(
            ProcessorConfiguration.load(null, kafka.settings(directory.resolve("state"))));
  }

  @AfterEach
  void stop() {
    processor.close();
    kafka.close();
  }

  @Test
  void isADeadLetterAgainAndTheRestComesOnce() throws Exception {
    for (int i = 0; i < LETTERS; i++) {
      refused(i);
    }
    kafka.flush();
    redriveAll();

    List<ConsumerRecord<byte[], byte[]>> events =
        kafka.await(TOPICS.events(), all -> all.size() >= LETTERS - 1);
    DeadLetter again =
        DeadLetter.parseFrom(
            kafka.await(TOPICS.deadLetters(), all -> all.size() > LETTERS).get(LETTERS).value());
    kafka.await(TOPICS.deadLetterActions(), RefusedRedriveIT::isFinished);
    assertThat(events)
        .extracting(event -> new String(event.key(), UTF_8))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, LETTERS).filter(i -> i != LARGE).mapToObj(i -> "game" + i).toList());
    assertThat(again.getReason()).isEqualTo("record_too_large");
    assertThat(again.getHeadersOrThrow(HeaderNames.REDRIVE_COUNT).toStringUtf8()).isEqualTo("1");
    assertThat(again.hasGroup()).isFalse();
    assertThat(kafka.read(TOPICS.events())).hasSize(LETTERS - 1);
  }

  /** JSON that a gateway did not take; without an id, so that it gets one when it comes again. */
  private void refused(int number) {
    byte[] random = new byte[number == LARGE ? 10_000 : 10];
    new Random(number).nextBytes(random);
    String json =
        "{\"type\":\"STEP\",\"game_id\":\"game%d\",\"payload\":{\"noise\":\"%s\"}}"
            .formatted(number, HexFormat.of().formatHex(random));
    kafka.send(
        records.record(
            "mod".getBytes(UTF_8),
            DeadLetter.newBuilder()
                .setOriginal(ByteString.copyFromUtf8(json))
                .setContentType(DeadLetterRecords.JSON)
                .setProducer("mod"),
            Failure.once(
                DeadLetterStage.DEAD_LETTER_STAGE_VALIDATE,
                DeadLetterReason.TOO_DEEP,
                "too deep for the rules of that time",
                FAILED)));
  }

  private void redriveAll() {
    String id = DeadLetterId.at(FAILED);
    DeadLetterAction action =
        DeadLetterAction.newBuilder()
            .setActionId(id)
            .setKind(DeadLetterActionKind.DEAD_LETTER_ACTION_KIND_REDRIVE)
            .setRequestedAt(WireTime.of(FAILED))
            .addCounted(DeadLetterCount.newBuilder().setUntil(LETTERS).setSelected(LETTERS))
            .build();
    kafka.send(
        new ProducerRecord<>(
            TOPICS.deadLetterActions(), ("action/" + id).getBytes(UTF_8), action.toByteArray()));
    kafka.flush();
  }

  private static boolean isFinished(List<ConsumerRecord<byte[], byte[]>> actions) {
    try {
      return DeadLetterActionProgress.parseFrom(actions.get(actions.size() - 1).value())
          .getFinished();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
