package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters over REST and from the command line, against the whole bus. */
class DeadLettersIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static StandaloneBus bus;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startBus() {
    bus =
        StandaloneBus.start(
            new StandaloneSettings(0, 0, 0, directory.resolve("data"), null, null, null),
            fault -> {});
  }

  @AfterAll
  static void stopBus() {
    bus.close();
  }

  @Test
  void whatWasRefusedIsFoundShownCountedAndDiscardedWithATrail() throws Exception {
    String batch =
        "{\"batch_id\":\"b-1\",\"events\":[{\"type\":\"X\",\"payload\":{\"a\":\"say \"hi\"\"}},"
            + "{\"type\":\"Y\",\"type\":\"Y\"},{\"type\":\"OK\"}]}";
    assertThat(send("/api/v1/events/batch", batch, 207).path("refused").asInt()).isEqualTo(2);

    JsonNode all = get("/api/v1/dead-letters", 200).path("dead_letters");
    assertThat(all).hasSize(2);
    JsonNode unreadable =
        get("/api/v1/dead-letters?reason=unreadable", 200).path("dead_letters").get(0);
    String id = unreadable.path("id").asText();
    JsonNode whole = get("/api/v1/dead-letters/" + id, 200);
    assertThat(whole.path("batch_id").asText()).isEqualTo("b-1");
    assertThat(whole.path("state").asText()).isEqualTo("parked");
    assertThat(whole.path("original_base64").asText()).isNotEmpty();
    JsonNode page = get("/api/v1/dead-letters?limit=1", 200);
    String cursor = page.path("next_cursor").asText();
    assertThat(get("/api/v1/dead-letters?limit=1&cursor=" + cursor, 200).path("dead_letters"))
        .hasSize(1);

    JsonNode refusal = send("/api/v1/dead-letters/redrive", "{\"id\":\"" + id + "\"}", 422);
    assertThat(refusal.path("reason").asText()).isEqualTo("unreadable");
    assertThat(refusal.path("error").asText()).contains("discard");
    assertThat(send("/api/v1/dead-letters/redrive", "{}", 422).path("error").asText())
        .startsWith("all: ");
    send("/api/v1/dead-letters/discard", "{\"all\":true,\"dry_run\":\"yes\"}", 422);
    JsonNode count = send("/api/v1/dead-letters/discard", "{\"all\":true,\"dry_run\":true}", 200);
    assertThat(count.path("matched").asInt()).isEqualTo(2);
    assertThat(get("/api/v1/dead-letters/actions", 200).path("actions")).isEmpty();

    String action =
        JSON.readTree(run("discard", "--id=" + id, "--by=alice", "--note=broken quotes"))
            .path("action_id")
            .asText();
    await()
        .atMost(PATIENCE)
        .until(() -> run("actions", action).contains("\"state\" : \"finished\""));
    assertThat(run("actions")).contains("\"by\":\"alice\"", "\"done\":1", "broken quotes");
    await().atMost(PATIENCE).until(() -> run("list", "--state=discarded").startsWith(id));
    assertThat(run("list", "--state=parked").lines()).hasSize(1);
    assertThat(run("show", id)).contains("\"discarded\"", "\"alice\"");

    assertThat(run("redrive", "--all", "--dry-run"))
        .contains("\"matched\":1", "\"duplicate_member\":1");
    String redrive =
        JSON.readTree(run("redrive", "--reason=duplicate_member", "--by=bob"))
            .path("action_id")
            .asText();
    await()
        .atMost(PATIENCE)
        .until(() -> run("actions", redrive).contains("\"state\" : \"finished\""));
    assertThat(run("actions", redrive)).contains("\"by\" : \"bob\"", "\"unreadable\" : 1");

    JsonNode latest = get("/api/v1/dead-letters/actions?limit=1", 200);
    assertThat(latest.path("actions").findValuesAsText("action_id")).containsExactly(redrive);
    String behind = latest.path("next_cursor").asText();
    JsonNode first = get("/api/v1/dead-letters/actions?limit=1&cursor=" + behind, 200);
    assertThat(first.path("actions").findValuesAsText("action_id")).containsExactly(action);
    assertThat(first.has("next_cursor")).isFalse();
    get("/api/v1/dead-letters/actions/" + behind.replace('0', '1'), 404);
  }

  @Test
  void whatMakesNoSenseIsNamed() throws Exception {
    assertThat(get("/api/v1/dead-letters?stage=nowhere", 422).path("error").asText())
        .startsWith("stage: ");
    assertThat(get("/api/v1/dead-letters?cursor=x", 422).path("error").asText())
        .startsWith("cursor: ");
    assertThat(get("/api/v1/dead-letters/actions?cursor=x", 422).path("error").asText())
        .startsWith("cursor: ");
    assertThat(get("/api/v1/dead-letters/none", 404).path("reason").asText())
        .isEqualTo("not_found");
    assertThat(send("/api/v1/dead-letters/discard", "{\"reasons\":[]}", 422).path("error").asText())
        .startsWith("reasons: ");
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    String[] all = new String[arguments.length + 2];
    all[0] = "dead-letters";
    all[1] = arguments[0];
    System.arraycopy(arguments, 1, all, 2, arguments.length - 1);
    all[all.length - 1] = "--http=http://127.0.0.1:" + bus.httpPort();
    int exitCode =
        EventBusCommand.commandLine(StubGateway::start)
            .setOut(new PrintWriter(out, true))
            .execute(all);
    assertThat(exitCode).as(out.toString()).isZero();
    return out.toString();
  }

  private JsonNode get(String path, int status) throws Exception {
    return answer(HttpRequest.newBuilder(uri(path)).build(), status);
  }

  private JsonNode send(String path, String body, int status) throws Exception {
    return answer(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        status);
  }

  private JsonNode answer(HttpRequest request, int status) throws Exception {
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + bus.httpPort() + path);
  }
}
