package io.jimbot.eventbus.processor;

import static io.jimbot.eventbus.processor.TestKafka.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.topology.TestEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A processor in a process of its own, killed in the middle of its work. */
@Timeout(170)
class KilledRetentionIT {

  private static final String GROUP = "t-processor-retention";
  private static final int ROUNDS = 3;
  private static final int EVENTS_OF_A_ROUND = 10_000;
  private static final int COPIES = 3;

  @TempDir private Path directory;

  @Test
  void noneIsLostAndNoneComesTwiceThoughItIsKilledAndItsStateMoves() throws Exception {
    Path one = directory.resolve("one");
    Path other = directory.resolve("other");
    try (TestKafka kafka = new TestKafka(directory.resolve("kafka"))) {
      List<TestEvent> events = new ArrayList<>();
      long unfinished = 0;
      for (int round = 0; round < ROUNDS; round++) {
        // The second life begins without state, as on another machine; the third with an old one.
        Path state = round == 1 ? other : one;
        int before = events.size();
        List<TestEvent> fresh = events(round);
        events.addAll(fresh);
        try (ProcessorProcess processor = process(kafka, state)) {
          kafka.log(shuffled(fresh, round));
          kafka.await(TOPICS.ofClass("standard"), records -> records.size() > before + 100);
          processor.kill();
          unfinished += kafka.lag(GROUP);
        }
        // Repetitions of what came before the kill, too.
        kafka.log(shuffled(events, round));
      }
      try (ProcessorProcess unused = process(kafka, other)) {
        kafka.log(List.of(TestEvent.of("ROUND_COMPLETE", "end").at(Instant.now())));
        List<ConsumerRecord<byte[], byte[]>> kept =
            kafka.await(
                TOPICS.ofClass("standard"),
                records -> records.size() >= events.size() && kafka.lag(GROUP) == 0);

        assertThat(unfinished).as("records that were still to be read at a kill").isPositive();
        assertThat(Files.readString(directory.resolve("output"))).doesNotContain("thread failed");
        assertThat(kept).hasSize(events.size());
        assertThat(new HashSet<>(kept.stream().map(KilledRetentionIT::id).toList()))
            .isEqualTo(new HashSet<>(events.stream().map(TestEvent::id).toList()));
      }
    }
  }

  @Test
  @Timeout(280)
  void noneIsLostAndNoneComesTwiceThoughOneIsKilledAndTheOtherTakesItsPartitionsOver()
      throws Exception {
    List<TestEvent> events = events(0);
    try (TestKafka kafka = new TestKafka(directory.resolve("kafka"));
        ProcessorProcess one = process(kafka, directory.resolve("one"), "one");
        ProcessorProcess unused = process(kafka, directory.resolve("two"), "two")) {
      // There is no such group before the first of them joins.
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsMatching(e -> e.getCause() instanceof GroupIdNotFoundException)
          .until(() -> sharers(kafka) == 2);
      kafka.log(shuffled(events, 1));
      kafka.await(TOPICS.ofClass("standard"), records -> records.size() > EVENTS_OF_A_ROUND / 10);
      one.kill();
      // Repetitions that come to a processor which has not seen the first ones.
      kafka.log(shuffled(events, 2));
      List<ConsumerRecord<byte[], byte[]>> kept =
          kafka.await(
              TOPICS.ofClass("standard"),
              records -> records.size() >= events.size() && kafka.lag(GROUP) == 0);

      assertThat(sharers(kafka)).isEqualTo(1);
      assertThat(Files.readString(directory.resolve("output"))).doesNotContain("thread failed");
      assertThat(kept)
          .extracting(KilledRetentionIT::id)
          .containsExactlyInAnyOrderElementsOf(events.stream().map(TestEvent::id).toList());
    }
  }

  private ProcessorProcess process(TestKafka kafka, Path state) throws IOException {
    return process(kafka, state, "");
  }

  private ProcessorProcess process(TestKafka kafka, Path state, String instance)
      throws IOException {
    Map<String, String> settings = new HashMap<>();
    kafka.settings(state).forEach((key, value) -> settings.put(key, value.toString()));
    settings.remove("http.port");
    settings.put("streams.instanceId", instance);
    return ProcessorProcess.start(directory.resolve("output"), settings);
  }

  /** How many processors have partitions of the log. */
  private static long sharers(TestKafka kafka) throws ExecutionException, InterruptedException {
    try (Admin admin = kafka.admin()) {
      ConsumerGroupDescription group =
          requireNonNull(admin.describeConsumerGroups(List.of(GROUP)).describedGroups().get(GROUP))
              .get();
      return group.members().stream()
          .filter(member -> !member.assignment().topicPartitions().isEmpty())
          .map(member -> member.groupInstanceId().map(id -> id.contains("one")))
          .distinct()
          .count();
    }
  }

  private static List<TestEvent> events(int round) {
    Instant now = Instant.now();
    return IntStream.range(0, EVENTS_OF_A_ROUND)
        .mapToObj(
            i -> TestEvent.of("MONEY_CHANGED", round + "-" + i).stateOf("game" + i % 20, i).at(now))
        .toList();
  }

  /** Each some times, in any order. */
  private static List<TestEvent> shuffled(List<TestEvent> events, int seed) {
    List<TestEvent> copies = new ArrayList<>();
    for (int i = 0; i < COPIES; i++) {
      copies.addAll(events);
    }
    Collections.shuffle(copies, new Random(seed));
    return copies;
  }

  private static String id(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader(HeaderNames.EVENT_ID).value(), UTF_8);
  }
}
