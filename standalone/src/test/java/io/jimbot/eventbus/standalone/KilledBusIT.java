package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.events.v1.Event;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole bus in one process, killed under load and started again. */
@Timeout(120)
class KilledBusIT {
  private static final Pattern HTTP = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern KAFKA = Pattern.compile("127\\.0\\.0\\.1:\\d+");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

  /** Set once the process is dead; ends the load. */
  private volatile boolean gone;

  /** How often each status or failure was the answer. */
  private final Map<String, Integer> answers = new ConcurrentHashMap<>();

  @Test
  void everyAcknowledgedEventIsThereAfterKillMinus9() throws Exception {
    try (BusProcess bus = start()) {
      URI events =
          URI.create("http://127.0.0.1:" + find(HTTP, bus.awaitLine("HTTP "), 1) + "/events");
      bus.awaitLine("Ctrl-C stops it");
      Thread load = new Thread(() -> postUntilTheBusIsGone(events), "load");
      load.start();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(acknowledged).as("answers %s", answers).hasSizeGreaterThan(100));

      bus.kill();
      gone = true;
      load.join();
    }

    try (BusProcess again = start()) {
      String bootstrapServers = find(KAFKA, again.awaitLine("Kafka  "), 0);
      assertThat(storedEventIds(bootstrapServers)).containsAll(acknowledged);
    }
  }

  private BusProcess start() throws IOException {
    return BusProcess.startWhole(
        "standalone",
        "--http-port=0",
        "--grpc-port=0",
        "--kafka-port=0",
        "--data-dir=" + directory);
  }

  private static String find(Pattern pattern, String line, int group) {
    Matcher matcher = pattern.matcher(line);
    assertThat(matcher.find()).as(line).isTrue();
    return matcher.group(group);
  }

  private void postUntilTheBusIsGone(URI events) {
    for (int i = 0; !gone; i++) {
      String id = "kill-" + i;
      HttpRequest request =
          HttpRequest.newBuilder(events)
              .timeout(Duration.ofSeconds(20))
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"type\":\"HEARTBEAT\",\"event_id\":\"" + id + "\"}"))
              .build();
      try {
        int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        answers.merge(Integer.toString(status), 1, Integer::sum);
        if (status == 200) {
          acknowledged.add(id);
        }
      } catch (IOException e) {
        // As it must be once the process is killed.
        answers.merge(e.toString(), 1, Integer::sum);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static Set<String> storedEventIds(String bootstrapServers) throws Exception {
    Set<String> ids = new HashSet<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor("jimbot.events").stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          ids.add(Event.parseFrom(record.value()).getEventId());
        }
      }
    }
    return ids;
  }
}
