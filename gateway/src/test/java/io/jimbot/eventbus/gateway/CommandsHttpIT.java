package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.testing.kafka.TestKafka;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command channel as it looks on the wire. */
class CommandsHttpIT {

  private static final String POLL =
      """
      GET /api/v1/commands/poll HTTP/1.1
      Host: localhost
      Content-Type: text/plain
      """;

  @TempDir private static Path directory;
  private static TestKafka kafka;
  private static GatewayServer gateway;
  private static CommandClient client;

  @BeforeAll
  static void start() throws Exception {
    kafka = TestKafka.start(directory);
    gateway =
        GatewayServer.start(
            TestGateway.configuration(
                Map.of("bootstrapServers", kafka.bootstrapServers(), "commands.maxPending", 40)));
    TestGateway.awaitReady(gateway);
    client = new CommandClient(gateway);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    kafka.close();
  }

  @Test
  void anEmptyPollSaysItsLengthAndIsNotChunked() throws Exception {
    try (RawConnection raw = new RawConnection(gateway.httpPort())) {
      RawConnection.Response response = raw.send(POLL + "\n").read();

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEmpty();
      assertThat(response.headers())
          .containsEntry("content-length", "0")
          .containsEntry("content-type", "text/plain;charset=utf-8")
          .containsEntry("cache-control", "no-store")
          .doesNotContainKey("transfer-encoding");
    }
  }

  @Test
  void aPollWithManyLongCommandsSaysItsLengthTooAndEndsTheConnectionWhenAsked() throws Exception {
    String arguments = "ü".repeat(256);
    for (int i = 0; i < 32; i++) {
      client.issue("{\"command\":\"play_hand\",\"arguments\":\"" + arguments + "\"}");
    }
    try (RawConnection raw = new RawConnection(gateway.httpPort())) {
      RawConnection.Response response = raw.send(POLL + "Connection: Close\n\n").read();

      assertThat(response.body()).isEqualTo(("play_hand:" + arguments + "\n").repeat(32));
      assertThat(response.headers())
          .containsEntry("connection", "close")
          .doesNotContainKey("transfer-encoding");
      assertThat(raw.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aPostAnswersWithTheCommandsId() throws Exception {
    HttpResponse<String> response =
        client.post("{\"type\":\"select_card\",\"payload\":{\"position\":0}}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).matches("\\{\"status\":\"ok\",\"command_id\":\"[0-9a-f-]{36}\"}");
    assertThat(client.poll("")).containsExactly("select_card:0");
  }

  @Test
  void aPollMayAskForJson() throws Exception {
    client.issue("{\"command\":\"play_hand\",\"arguments\":[1,2],\"game_id\":\"g\\\"1\"}");

    String body = client.rawPoll("?game_id=g%221", "Accept", "application/json").body();

    assertThat(body)
        .contains("\"command\":\"play_hand\",\"arguments\":\"1,2\",\"game_id\":\"g\\\"1\"}]}");
    assertThat(client.rawPoll("", "Accept", "application/json").body())
        .isEqualTo("{\"commands\":[]}");
  }

  @Test
  void lookingAtThePollsHeadersTakesNothing() throws Exception {
    client.issue("{\"command\":\"play_hand\"}");

    HttpResponse<String> head = client.head("commands/poll");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(client.poll("")).containsExactly("play_hand");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"command\":\"play_hand\\ndiscard\"}",
        "{\"command\":\"play_hand\",\"arguments\":\"1\\ndiscard\"}",
        "{\"command\":\"play_hand\",\"arguments\":[\"1\\r\\ndiscard\"]}",
        "{\"type\":\"select_card\",\"payload\":{\"position\":\"0\\ndiscard\"}}",
        "{\"action\":\"play_hand\",\"params\":{\"a\":\"\\u2028discard\"}}",
        "select_card:0\ndiscard"
      })
  void aCommandCannotSmuggleInAnother(String body) throws Exception {
    HttpResponse<String> response = client.post(body);

    assertThat(response.statusCode()).isIn(400, 422);
    assertThat(response.body()).startsWith("{\"status\":\"error\",\"error\":\"");
    assertThat(client.poll("")).isEmpty();
  }

  @Test
  void aFaultIsToldWithItsPath() throws Exception {
    HttpResponse<String> invalid = client.post("{\"command\":\"a\",\"arguments\":[1,{}]}");
    HttpResponse<String> malformed = client.post("{\"command\":");

    assertThat(invalid.statusCode()).isEqualTo(422);
    assertThat(invalid.body())
        .contains("\"path\":\"arguments[1]\"", "\"reason\":\"invalid_value\"");
    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(malformed.body()).contains("\"reason\":\"malformed\"");
  }

  @Test
  void otherFaultsOfRequestsAreToldToo() throws Exception {
    assertThat(client.post("x".repeat(64 * 1024 + 1), "Content-Type", "text/plain").statusCode())
        .isEqualTo(413);
    assertThat(client.post("command=x", "Content-Type", "application/x-www-form-urlencoded"))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(415);
    assertThat(client.rawPoll("", "X-Client-Id", "a b").statusCode()).isEqualTo(400);
    assertThat(client.rawPoll("?game_id=%0A").statusCode()).isEqualTo(400);
    assertThat(client.rawPoll("?game_id=").statusCode()).isEqualTo(200);
  }

  @Test
  void whenTooManyCommandsWaitNewOnesAreRefusedForAWhile() throws Exception {
    for (int i = 0; i < 40; i++) {
      client.issue("{\"command\":\"play_hand\",\"game_id\":\"crowded\",\"ttl_ms\":20000}");
    }

    HttpResponse<String> response = client.post("{\"command\":\"play_hand\"}");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
    assertThat(response.body()).contains("\"reason\":\"too_many_pending\"");
    assertThat(client.poll("?game_id=crowded")).hasSize(32);
    assertThat(client.poll("?game_id=crowded")).hasSize(8);
  }
}
