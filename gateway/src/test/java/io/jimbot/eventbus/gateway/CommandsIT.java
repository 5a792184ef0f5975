package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.testing.kafka.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands through two gateways on one Kafka. */
class CommandsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicInteger RUNS = new AtomicInteger();

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private Map<String, Object> settings;
  private GatewayServer one;
  private GatewayServer two;
  private CommandClient atOne;
  private CommandClient atTwo;

  @BeforeAll
  static void startKafka() {
    kafka = TestKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @BeforeEach
  void startGateways() throws Exception {
    settings =
        Map.of(
            "bootstrapServers",
            kafka.bootstrapServers(),
            "topics.prefix",
            "run" + RUNS.incrementAndGet());
    one = start();
    two = start();
    atOne = new CommandClient(one);
    atTwo = new CommandClient(two);
  }

  @AfterEach
  void stopGateways() {
    one.close();
    two.close();
  }

  private GatewayServer start() throws Exception {
    GatewayServer gateway = GatewayServer.start(TestGateway.configuration(settings));
    TestGateway.awaitReady(gateway);
    return gateway;
  }

  @Test
  void everyCommandIsHandedOutOnceHoweverManyGatewaysAndPolls() throws Exception {
    int posters = 4;
    int each = 50;
    ConcurrentLinkedQueue<String> handedOut = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Future<?>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      CommandClient client = i % 2 == 0 ? atOne : atTwo;
      tasks.add(
          threads.submit(
              () -> {
                while (!over.get()) {
                  handedOut.addAll(client.poll(""));
                }
                return null;
              }));
    }
    for (int p = 0; p < posters; p++) {
      CommandClient client = p % 2 == 0 ? atOne : atTwo;
      String name = "poster" + p;
      tasks.add(
          threads.submit(
              () -> {
                for (int i = 0; i < each; i++) {
                  client.issue(name + ":" + i, "text/plain");
                }
                return null;
              }));
    }

    await().atMost(PATIENCE).until(() -> handedOut.size() >= posters * each);
    // What might come twice would be in the log by now; it passes both gateways before this one.
    atOne.issue("last", "text/plain");
    await().atMost(PATIENCE).until(() -> handedOut.contains("last"));
    over.set(true);
    for (Future<?> task : tasks) {
      task.get();
    }
    threads.shutdown();

    assertThat(handedOut).hasSize(posters * each + 1).doesNotHaveDuplicates();
  }

  @Test
  void aPollAfterAPostAtTheSameGatewayFindsTheCommand() throws Exception {
    for (int i = 0; i < 20; i++) {
      atOne.issue("{\"command\":\"select_card\",\"arguments\":" + i + "}");
      assertThat(atOne.poll("")).containsExactly("select_card:" + i);
    }
  }

  @Test
  void commandsKeepTheirOrderThoughTheyAreIssuedAtDifferentGateways() throws Exception {
    List<String> issued = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String line = "select_card:" + i;
      (i % 2 == 0 ? atOne : atTwo).issue(line, "text/plain");
      issued.add(line);
    }

    assertThat(atTwo.poll("")).containsExactlyElementsOf(issued);
    assertThat(atOne.poll("")).isEmpty();
  }

  @Test
  void aCommandForAGameIsGivenToThatGameOnly() throws Exception {
    atOne.issue("{\"command\":\"play_hand\",\"game_id\":\"g1\"}");
    atOne.issue("{\"command\":\"discard\",\"game_id\":\"g2\"}");
    atOne.issue("{\"command\":\"sort_hand\"}");

    List<String> toNobodySpecial = atOne.poll("");
    List<String> toG2 = atOne.poll("?game_id=g2");
    List<String> toG1 = atOne.poll("?game_id=g1");

    assertThat(toNobodySpecial).containsExactly("sort_hand");
    assertThat(toG2).containsExactly("discard");
    assertThat(toG1).containsExactly("play_hand");
  }

  @Test
  void theGameOfAnUnmodifiedModIsLearnedFromItsEvents() throws Exception {
    atOne.issue("{\"command\":\"play_hand\",\"game_id\":\"g1\"}");

    List<String> before = atOne.poll("");
    atOne.event(
        "{\"type\":\"GAME_STATE\",\"source\":\"BalatroMCP\",\"payload\":{\"game_id\":\"g1\"}}");
    List<String> toAnother = atOne.poll("", "X-Client-Id", "another");
    List<String> after = atOne.poll("");

    assertThat(before).isEmpty();
    assertThat(toAnother).isEmpty();
    assertThat(after).containsExactly("play_hand");
  }

  @Test
  void aClientIsTheSameForItsEventsAndItsPolls() throws Exception {
    atOne.event(
        "{\"type\":\"HEARTBEAT\",\"source\":\"s\",\"game_id\":\"g7\",\"payload\":{}}",
        "X-Client-Id",
        "me");
    atOne.issue("{\"command\":\"play_hand\",\"game_id\":\"g7\"}");

    assertThat(atOne.poll("", "X-Client-Id", "you")).isEmpty();
    assertThat(atOne.poll("", "X-Client-Id", "me")).containsExactly("play_hand");
  }

  @Test
  void aCommandThatNobodyTookInTimeIsGone() throws Exception {
    atOne.issue("{\"command\":\"discard\",\"ttl_ms\":300}");
    atOne.issue("{\"command\":\"play_hand\"}");

    await().atMost(PATIENCE).until(() -> metric(one, "eventbus_commands_expired_total") == 1);

    assertThat(atOne.poll("")).containsExactly("play_hand");
  }

  @Test
  void aCommandPostedBeforeARestartIsHandedOutOnceAfterIt() throws Exception {
    atOne.issue("{\"command\":\"discard\"}");
    List<String> taken = atOne.poll("");
    atOne.issue("{\"command\":\"play_hand\"}");
    one.close();
    two.close();

    one = start();
    two = start();
    CommandClient again = new CommandClient(one);
    List<String> handedOut = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              handedOut.addAll(again.poll(""));
              return !handedOut.isEmpty();
            });
    again.issue("{\"command\":\"sort_hand\"}");
    handedOut.addAll(again.poll(""));
    handedOut.addAll(new CommandClient(two).poll(""));

    assertThat(taken).containsExactly("discard");
    assertThat(handedOut).containsExactly("play_hand", "sort_hand");
  }

  private static double metric(GatewayServer gateway, String name) throws Exception {
    return new CommandClient(gateway).metric(name);
  }
}
