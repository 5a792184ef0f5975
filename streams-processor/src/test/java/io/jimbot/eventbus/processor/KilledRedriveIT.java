package io.jimbot.eventbus.processor;

import static io.jimbot.eventbus.processor.TestKafka.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.topology.TestEvent;
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
import io.jimbot.events.v1.DeadLetterSelector;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterStatus;
import io.jimbot.events.v1.RecordPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters on their way back into the log while their processor is killed. */
@Timeout(170)
class KilledRedriveIT {

  private static final int PARTITIONS = 3;
  private static final int KEYS = 20;
  private static final int PARKED = 3_000;
  private static final int RETRIED = 600;
  private static final int ALL = PARKED + RETRIED;
  private static final int RATE = 400;
  private static final int RETRIES_A_SECOND = 60;

  @TempDir private Path directory;

  private final DeadLetterRecords records = new DeadLetterRecords(TOPICS.deadLetters());
  private final Set<String> parked = new HashSet<>();
  private final Set<String> retried = new HashSet<>();

  private TestKafka kafka;

  @BeforeEach
  void start() throws Exception {
    kafka = new TestKafka(directory.resolve("kafka"));
    try (Admin admin = kafka.admin()) {
      admin
          .createPartitions(Map.of(TOPICS.deadLetters(), NewPartitions.increaseTo(PARTITIONS)))
          .all()
          .get();
      TestTopics.awaitLeaders(admin, List.of(TOPICS.deadLetters()));
      TestTopics.make(
          admin,
          new NewTopic(TOPICS.delayed(), Optional.of(1), Optional.empty()),
          new NewTopic(TOPICS.deadLetterActions(), Optional.of(PARTITIONS), Optional.empty()));
    }
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void eachIsRedrivenOnceThoughTheProcessorIsKilledAndItsStateMoves() throws Exception {
    Instant now = Instant.now();
    for (int i = 0; i < PARKED; i++) {
      parked.add(undelivered("parked", i, now));
    }
    for (int i = 0; i < RETRIED; i++) {
      // These come again by themselves meanwhile, one after the other.
      Instant failed = now.plusMillis(i * 1_000L / RETRIES_A_SECOND);
      retried.add(undelivered("attempts_exhausted", PARKED + i, failed));
    }
    kafka.flush();
    DeadLetterAction action = redriveParked();

    killedAt(ALL / 6, directory.resolve("one"));
    killedAt(ALL / 3, directory.resolve("other"));
    try (ProcessorProcess unused = processor(directory.resolve("one"))) {
      kafka.await(
          TOPICS.deadLetterActions(),
          all -> progress(all).stream().filter(DeadLetterActionProgress::getFinished).count() == 3);
      kafka.await(TOPICS.events(), all -> all.size() >= ALL);
      assertTrail(action.getActionId());
      List<ConsumerRecord<byte[], byte[]>> events = kafka.read(TOPICS.events());

      assertThat(Files.readString(directory.resolve("output"))).doesNotContain("thread failed");
      Set<String> all = new HashSet<>(parked);
      all.addAll(retried);
      assertThat(events)
          .extracting(event -> header(event, HeaderNames.REDRIVE_OF))
          .containsExactlyInAnyOrderElementsOf(all);
      assertThat(events).allMatch(event -> header(event, HeaderNames.FOR_GROUP).equals("trainer"));
      assertOrderOfKeys(events);
      assertThat(progress(kafka.read(TOPICS.deadLetterActions())))
          .hasSize(PARTITIONS)
          .allMatch(part -> part.getRefusedCount() == 0)
          .extracting(DeadLetterActionProgress::getDone)
          .containsExactlyElementsOf(
              action.getCountedList().stream().map(DeadLetterCount::getSelected).toList());
    }
  }

  /** Writes what a group has given up; returns the dead letter's id. */
  private String undelivered(String reason, int number, Instant failed) {
    TestEvent event =
        TestEvent.of("MONEY_CHANGED", "e" + number).stateOf("game" + number % KEYS, number);
    DeadLetter.Builder letter =
        DeadLetterRecords.read(
                RecordPosition.newBuilder().setTopic(TOPICS.events()).setOffset(number).build(),
                event.headers(),
                ByteString.copyFrom(event.value()))
            .setGroup("trainer");
    kafka.send(
        records.record(
            event.key(),
            letter,
            Failure.once(
                DeadLetterStage.DEAD_LETTER_STAGE_DELIVER,
                DeadLetterReason.of(reason),
                "it failed",
                failed)));
    return letter.getDeadLetterId();
  }

  /** Asks for what is parked, as a gateway does. */
  private DeadLetterAction redriveParked() throws InvalidProtocolBufferException {
    DeadLetterCount.Builder[] counts = new DeadLetterCount.Builder[PARTITIONS];
    for (int partition = 0; partition < PARTITIONS; partition++) {
      counts[partition] = DeadLetterCount.newBuilder();
    }
    for (ConsumerRecord<byte[], byte[]> record : kafka.read(TOPICS.deadLetters())) {
      DeadLetterCount.Builder count = counts[record.partition()];
      count.setUntil(record.offset() + 1);
      if (DeadLetter.parseFrom(record.value()).getReason().equals("parked")) {
        count.setSelected(count.getSelected() + 1);
      }
    }
    Instant now = Instant.now();
    DeadLetterAction.Builder action =
        DeadLetterAction.newBuilder()
            .setActionId(DeadLetterId.at(now))
            .setKind(DeadLetterActionKind.DEAD_LETTER_ACTION_KIND_REDRIVE)
            .setSelector(DeadLetterSelector.newBuilder().addReasons("parked"))
            .setRate(RATE)
            .setRequestedBy("alice")
            .setRequestedAt(WireTime.of(now));
    for (DeadLetterCount.Builder count : counts) {
      action.addCounted(count);
    }
    kafka.send(
        new ProducerRecord<>(
            TOPICS.deadLetterActions(),
            ("action/" + action.getActionId()).getBytes(UTF_8),
            action.build().toByteArray()));
    kafka.flush();
    return action.build();
  }

  /** Runs a processor until so many are back in the log. */
  private void killedAt(int count, Path state) throws Exception {
    try (ProcessorProcess processor = processor(state)) {
      kafka.await(TOPICS.events(), all -> all.size() > count);
      processor.kill();
    }
    assertThat(kafka.read(TOPICS.events())).as("in the middle").hasSizeLessThan(ALL);
  }

  private ProcessorProcess processor(Path state) throws IOException {
    Map<String, String> settings = new HashMap<>();
    kafka.settings(state).forEach((key, value) -> settings.put(key, value.toString()));
    settings.remove("http.port");
    settings.put("deadLetters.retryDelay", "10s");
    return ProcessorProcess.start(directory.resolve("output"), settings);
  }

  /** How far each partition has come. */
  private static List<DeadLetterActionProgress> progress(
      List<ConsumerRecord<byte[], byte[]>> actions) {
    Map<Integer, DeadLetterActionProgress> newest = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : actions) {
      if (new String(record.key(), UTF_8).startsWith("progress/")) {
        try {
          DeadLetterActionProgress part = DeadLetterActionProgress.parseFrom(record.value());
          newest.put(part.getPartition(), part);
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
    }
    return List.copyOf(newest.values());
  }

  /** The order in which the parked ones had failed. */
  private void assertOrderOfKeys(List<ConsumerRecord<byte[], byte[]>> events) {
    Map<String, List<Integer>> numbers = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> event : events) {
      if (parked.contains(header(event, HeaderNames.REDRIVE_OF))) {
        numbers
            .computeIfAbsent(new String(event.key(), UTF_8), key -> new ArrayList<>())
            .add(Integer.parseInt(header(event, HeaderNames.EVENT_ID).substring(1)));
      }
    }
    assertThat(numbers.values()).hasSize(KEYS).allSatisfy(each -> assertThat(each).isSorted());
  }

  /** What has become of each, and who wanted that. */
  private void assertTrail(String action) throws InvalidProtocolBufferException {
    Map<String, DeadLetterStatus> newest = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.read(TOPICS.deadLetterStates())) {
      newest.put(new String(record.key(), UTF_8), DeadLetterStatus.parseFrom(record.value()));
    }
    assertThat(newest).hasSize(ALL);
    newest.forEach(
        (id, status) -> {
          assertThat(status.getState()).isEqualTo(DeadLetterState.DEAD_LETTER_STATE_REDRIVEN);
          assertThat(status.getActionId()).isEqualTo(parked.contains(id) ? action : "");
          assertThat(status.getBy()).isEqualTo(parked.contains(id) ? "alice" : "");
        });
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
