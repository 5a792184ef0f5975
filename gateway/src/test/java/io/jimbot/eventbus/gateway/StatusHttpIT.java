package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.gateway.RawConnection.Response;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusHttpIT {

  private static final String[] EXPECTED_METRICS = {
    "# HELP ",
    "# TYPE ",
    "eventbus_http_requests_total{route=\"events\",status=\"200\"}",
    "eventbus_http_request_seconds_bucket{route=\"events\",le=\"5.0E-4\"}",
    "eventbus_http_rejected_total{reason=\"unsupported_media_type\"} 1",
    "eventbus_http_body_bytes 0",
    "eventbus_publish_in_flight 0",
    "eventbus_kafka_state{state=\"starting\"} 1",
    "jvm_memory_used_bytes",
    "http_connections",
    "QueuedThreadPool_http",
  };

  private static GatewayServer gateway;

  @BeforeAll
  static void startGateway() throws Exception {
    gateway = TestGateway.start(new RecordingIngest(), Map.of());
  }

  @AfterAll
  static void stopGateway() {
    gateway.close();
  }

  private static Response get(String path, String... headers) throws Exception {
    try (RawConnection connection = new RawConnection(gateway.httpPort())) {
      String more = headers.length == 0 ? "" : String.join("\n", headers) + "\n";
      return connection.send("GET " + path + " HTTP/1.1\nHost: x\n" + more + "\n").read();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/api/v1/events/health"})
  void healthIsTheProcessAndNotKafka(String path) throws Exception {
    Response response = get(path);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers()).containsEntry("content-type", "application/json");
    assertThat(response.body())
        .matches("\\{\"status\":\"healthy\",\"version\":\"\\d[^\"]*\",\"uptime_seconds\":\\d+}");
  }

  @ParameterizedTest
  @CsvSource({"application/json, {}", "text/plain, anything", "application/x-unheard-of, <>"})
  void theModMayPostForHealthWhateverItSends(String type, String body) throws Exception {
    try (RawConnection connection = new RawConnection(gateway.httpPort())) {
      Response response =
          connection.post("/api/v1/events/health", body, "Content-Type: " + type).read();

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).contains("\"healthy\"");
    }
  }

  @Test
  void withoutKafkaItIsNotReadyAndSaysWhy() throws Exception {
    Response response = get("/ready");

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.body()).startsWith("{\"status\":\"not ready\",\"reason\":\"");
  }

  @Test
  void theRootListsWhatIsServed() throws Exception {
    Response response = get("/");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).contains("POST /api/v1/events/batch").contains("GET /metrics");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /nothing, 404",
    "GET /api, 404",
    "GET /api/v1, 404",
    "DELETE /api/v1/events, 405",
    "GET /api/v1/events/batch, 405",
    "DELETE /health, 405",
    "TRACE /health, 405",
    "TRACE /events, 405",
    "BREW /health, 405",
    "GET /../etc/passwd, 400",
    "GET /%2e%2e/etc/passwd, 400",
  })
  void refusalsAreJsonOfOneShape(String request, int status) throws Exception {
    try (RawConnection connection = new RawConnection(gateway.httpPort())) {
      Response response = connection.send(request + " HTTP/1.1\nHost: x\n\n").read();

      assertThat(response.status()).isEqualTo(status);
      assertThat(response.headers())
          .containsEntry("content-type", "application/json")
          .doesNotContainKey("server");
      assertThat(response.body())
          .startsWith("{\"status\":\"error\",\"error\":\"")
          .doesNotContain("jetty");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET\n\n",
        "GET / HTTP/1.1\nHost: a\nContent-Length: x\n\n",
        "\0\1\2\3\n\n",
        "GET / HTTP/9.9\n\n"
      })
  void malformedHttpIsAnsweredInJsonToo(String bytes) throws Exception {
    try (RawConnection connection = new RawConnection(gateway.httpPort())) {
      Response response = connection.send(bytes).read();

      assertThat(response.status()).isBetween(400, 505);
      assertThat(response.body()).startsWith("{\"status\":\"error\",");
    }
  }

  @Test
  void aHeaderThatIsTooLargeIsRefused() throws Exception {
    Response response = get("/health", "X-Long: " + "x".repeat(20_000));

    assertThat(response.status()).isEqualTo(431);
    assertThat(response.body()).contains("header_too_large");
  }

  @Test
  void theMetricsShowOurOwnTheJvmsAndDropwizards() throws Exception {
    try (RawConnection connection = new RawConnection(gateway.httpPort())) {
      connection.post("/events", "{}", "Content-Type: application/json").read();
      connection.post("/events", "{}", "Content-Type: application/xml").read();
    }

    Response response = get("/metrics");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().get("content-type")).startsWith("text/plain");
    // Counted when the answer has left, which its reader may be quicker than.
    await().untilAsserted(() -> assertThat(get("/metrics").body()).contains(EXPECTED_METRICS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/openmetrics-text; version=1.0.0"})
  void theMetricsHoldNoWordThatLooksLikeALeak(String accept) throws Exception {
    Response response = get("/metrics", "Accept: " + accept);

    assertThat(response.body()).doesNotContainIgnoringCase("key");
    assertThat(response.body()).doesNotContainIgnoringCase("token");
    assertThat(response.body()).doesNotContainIgnoringCase("secret");
    assertThat(response.body()).doesNotContainIgnoringCase("password");
  }
}
