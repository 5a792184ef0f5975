package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command channel without Kafka. */
class CommandsOutageIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The claim timeout of the gateway under test is 500 ms; the rest is for a busy machine. */
  private static final Duration QUICK = Duration.ofSeconds(3);

  @TempDir private Path directory;

  @Test
  void aGatewayThatNeverSawKafkaAnswersPollsEmptyAndPostsWithARetryHint() throws Exception {
    try (GatewayServer gateway = GatewayServer.start(TestGateway.configuration(Map.of()))) {
      CommandClient client = new CommandClient(gateway);

      HttpResponse<String> poll = client.rawPoll("");
      HttpResponse<String> post = client.post("{\"command\":\"play_hand\"}");

      assertThat(poll.statusCode()).isEqualTo(200);
      assertThat(poll.body()).isEmpty();
      assertThat(post.statusCode()).isEqualTo(503);
      assertThat(post.headers().firstValue("Retry-After")).contains("1");
      assertThat(post.body()).contains("\"reason\":");
    }
  }

  @Test
  void pollsStayQuickWhileKafkaIsAwayAndCommandsFlowAgainAfterwards() throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory));
    try (GatewayServer gateway =
        GatewayServer.start(
            TestGateway.configuration(Map.of("bootstrapServers", kafka.bootstrapServers())))) {
      TestGateway.awaitReady(gateway);
      CommandClient client = new CommandClient(gateway);
      client.issue("{\"command\":\"sort_hand\",\"ttl_ms\":300000}");
      int port = kafka.port();
      kafka.close();

      List<String> handedOut = new ArrayList<>();
      long slowestNanos = 0;
      for (int i = 0; i < 20; i++) {
        long start = System.nanoTime();
        HttpResponse<String> poll = client.rawPoll("");
        slowestNanos = Math.max(slowestNanos, System.nanoTime() - start);
        assertThat(poll.statusCode()).isEqualTo(200);
        handedOut.addAll(poll.body().lines().toList());
      }
      HttpResponse<String> refused = client.post("{\"command\":\"discard\"}");
      kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory).withPort(port));
      await()
          .atMost(PATIENCE)
          .until(() -> client.post("{\"command\":\"play_hand\"}").statusCode() == 200);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                handedOut.addAll(client.poll(""));
                return handedOut.contains("play_hand");
              });

      assertThat(Duration.ofNanos(slowestNanos)).isLessThan(QUICK);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(handedOut).startsWith("sort_hand").containsOnlyOnce("sort_hand");
    } finally {
      kafka.close();
    }
  }
}
