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

/** Two processors that share the partitions of the log. */
@Timeout(280)
class TwoProcessorsIT {

  private static final String GROUP = "t-processor-retention";
  private static final int EVENTS = 10_000;
  private static final int COPIES = 2;

  @TempDir private Path directory;

  @Test
  void noneIsLostAndNoneComesTwiceThoughOneIsKilledAndTheOtherTakesItsPartitionsOver()
      throws Exception {
    List<TestEvent> events = events();
    try (TestKafka kafka = new TestKafka(directory.resolve("kafka"));
        ProcessorProcess one = process(kafka, "one");
        ProcessorProcess unused = process(kafka, "two")) {
      // There is no such group before the first of them joins.
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsMatching(e -> e.getCause() instanceof GroupIdNotFoundException)
          .until(() -> sharers(kafka) == 2);
      kafka.log(copies(events, 1));
      kafka.await(TOPICS.ofClass("standard"), records -> records.size() > EVENTS / 10);
      one.kill();
      // Repetitions that come to a processor which has not seen the first ones.
      kafka.log(copies(events, 2));
      List<ConsumerRecord<byte[], byte[]>> kept =
          kafka.await(
              TOPICS.ofClass("standard"),
              records -> records.size() >= EVENTS && kafka.lag(GROUP) == 0);

      assertThat(sharers(kafka)).isEqualTo(1);
      assertThat(Files.readString(directory.resolve("output-two"))).doesNotContain("thread failed");
      assertThat(kept)
          .extracting(TwoProcessorsIT::id)
          .containsExactlyInAnyOrderElementsOf(events.stream().map(TestEvent::id).toList());
    }
  }

  private ProcessorProcess process(TestKafka kafka, String name) throws IOException {
    Map<String, String> settings = new HashMap<>();
    kafka
        .settings(directory.resolve("state-" + name))
        .forEach((key, value) -> settings.put(key, value.toString()));
    settings.remove("http.port");
    settings.put("streams.instanceId", name);
    return ProcessorProcess.start(directory.resolve("output-" + name), settings);
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

  private static List<TestEvent> events() {
    Instant now = Instant.now();
    return IntStream.range(0, EVENTS)
        .mapToObj(i -> TestEvent.of("MONEY_CHANGED", "e" + i).stateOf("game" + i % 20, i).at(now))
        .toList();
  }

  /** Each some times, in any order. */
  private static List<TestEvent> copies(List<TestEvent> events, int seed) {
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
