package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Replays through the whole bus: asked for over REST and the command line, read over gRPC. */
@Timeout(180)
class ReplayIT {

  private static final int EVENTS = 60;

  @TempDir private static Path directory;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final List<String> PUBLISHED = new ArrayList<>();
  private static StandaloneBus bus;

  /** What a command did. */
  private record Ran(int exitCode, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    bus =
        StandaloneBus.start(
            new StandaloneSettings(0, 0, 0, directory.resolve("data"), null, null, null),
            fault -> {});
    for (int i = 0; i < EVENTS; i++) {
      PUBLISHED.add(
          "{\"type\":\"NUMBERED\",\"game_id\":\"g" + i % 3 + "\",\"payload\":{\"n\":" + i + "}}");
    }
    Path file = Files.write(directory.resolve("events.ndjson"), PUBLISHED);
    assertThat(run("publish", http(), "--file", file.toString()).exitCode()).isZero();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> get("/api/v1/replays/none").statusCode() == 404);
  }

  @AfterAll
  static void stop() {
    bus.close();
  }

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        EventBusCommand.commandLine(StubGateway::start)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return new Ran(commandLine.execute(arguments), out.toString(), err.toString());
  }

  private static String http() {
    return "--http=http://127.0.0.1:" + bus.httpPort();
  }

  private static String server() {
    return "--server=127.0.0.1:" + bus.grpcPort();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bus.httpPort() + path));
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return CLIENT.send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String started(String... options) {
    List<String> arguments = new ArrayList<>(List.of("replay", "start", http()));
    arguments.addAll(List.of(options));
    Ran start = run(arguments.toArray(String[]::new));
    assertThat(start.exitCode()).as(start.err()).isZero();
    return start.out().lines().findFirst().orElseThrow();
  }

  @Test
  void aReplayIsAskedForWatchedAndReadByATailAndAGroup() {
    String id = started("custom.numbered");
    Ran watch = run("replay", "watch", http(), id);

    assertThat(watch.exitCode()).as(watch.err()).isZero();
    assertThat(watch.out()).contains("100.0%  completed  " + EVENTS + " events");
    Ran tail = run("tail", server(), "--replay=" + id, "--count=" + EVENTS);
    assertThat(tail.out().lines()).containsExactlyInAnyOrderElementsOf(PUBLISHED);
    assertThat(tail.out().lines().filter(line -> line.contains("\"g1\"")))
        .containsExactlyElementsOf(
            PUBLISHED.stream().filter(line -> line.contains("\"g1\"")).toList());
    Ran group =
        run("subscribe", server(), "--group=trainers", "--replay=" + id, "--count=" + EVENTS);
    assertThat(group.out().lines()).containsExactlyInAnyOrderElementsOf(PUBLISHED);
    assertThat(run("replay", "list", http()).out()).contains(id);
  }

  @Test
  void anUnknownReplayIsRefusedWithItsName() throws Exception {
    Ran tail = run("tail", server(), "--replay=no-such");

    assertThat(tail.exitCode()).isEqualTo(1);
    assertThat(tail.err()).contains("there is no replay 'no-such'");
    assertThat(get("/api/v1/replays/no-such").statusCode()).isEqualTo(404);
    assertThat(post("/api/v1/replays/no-such/pause", "").statusCode()).isEqualTo(404);
    assertThat(run("replay", "cancel", http(), "no-such").err()).contains("404");
  }

  @Test
  void aReplayIsPausedResumedCancelledAndDeletedOverRest() throws Exception {
    HttpResponse<String> made = post("/api/v1/replays", "{\"rate\":10,\"ttl\":\"1h\"}");
    String path = URI.create(made.headers().firstValue("Location").orElseThrow()).getPath();

    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.body())
        .contains("\"state\":\"requested\"", "\"rate\":10", "\"ttl_ms\":3600000");
    awaitState(path, "running");
    assertThat(post(path + "/pause", "").statusCode()).isEqualTo(202);
    awaitState(path, "paused");
    assertThat(post(path + "/resume", "").statusCode()).isEqualTo(202);
    awaitState(path, "running");
    assertThat(post(path + "/cancel", "").statusCode()).isEqualTo(202);
    awaitState(path, "cancelled");
    HttpResponse<String> late = post(path + "/resume", "");
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.body()).contains("\"reason\":\"replay_ended\"");
    assertThat(
            CLIENT
                .send(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(202);
    await().atMost(Duration.ofSeconds(30)).until(() -> get(path).statusCode() == 404);
  }

  @Test
  void aReplayIsPausedResumedAndCancelledByTheCommandLine() {
    String id = started("--rate=10", "custom.numbered");
    String path = "/api/v1/replays/" + id;
    awaitState(path, "running");

    assertThat(run("replay", "pause", http(), id).exitCode()).isZero();
    awaitState(path, "paused");
    assertThat(run("replay", "resume", http(), id).exitCode()).isZero();
    awaitState(path, "running");
    assertThat(run("replay", "cancel", http(), id).exitCode()).isZero();
    awaitState(path, "cancelled");
    assertThat(run("replay", "watch", http(), id).out()).contains("cancelled");
  }

  private static void awaitState(String path, String state) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(path).body().contains("\"state\":\"" + state + "\""));
  }

  @Test
  void aReplayToAGroupReachesThatGroupOnly() {
    String id = started("--target=group:learners", "custom.numbered");
    assertThat(run("replay", "watch", http(), id).exitCode()).isZero();

    Ran group =
        run(
            "subscribe",
            server(),
            "--group=learners",
            "--from=earliest",
            "--count=" + 2 * EVENTS,
            "custom.numbered");
    assertThat(group.out().lines().toList()).hasSize(2 * EVENTS);
    // All that a tail sees is what was published: one more would come before the last.
    Ran tail = run("tail", server(), "--from=earliest", "--count=" + EVENTS, "custom.numbered");
    assertThat(tail.out().lines()).containsExactlyInAnyOrderElementsOf(PUBLISHED);
    assertThat(run("tail", server(), "--replay=" + id).err())
        .contains("goes to the group 'learners'");
  }

  @Test
  void aRequestThatMakesNoSenseIsRefusedWithItsPlace() throws Exception {
    HttpResponse<String> refused = post("/api/v1/replays", "{\"speed\":-1}");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("\"path\":\"speed\"");
    assertThat(run("replay", "start", http(), "--ttl=never").err()).contains("ttl must be");
  }
}
