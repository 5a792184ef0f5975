package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.gateway.RawConnection.Response;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.Submission.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestTransportIT {

  private static final String JSON = "Content-Type: application/json";
  private static final RecordingIngest INGEST = new RecordingIngest();
  private static GatewayServer gateway;

  @BeforeAll
  static void startGateway() throws Exception {
    gateway =
        TestGateway.start(
            INGEST,
            Map.of(
                "http.maxBodySize", "64KiB",
                "http.maxInFlightSize", "128KiB",
                "http.maxDiscardSize", "1MiB",
                "http.retryAfter", "3s"));
  }

  @AfterAll
  static void stopGateway() {
    gateway.close();
  }

  @BeforeEach
  void forget() {
    INGEST.submissions.clear();
    INGEST.answersWith(List.of(RecordingIngest.accepted("e-1")));
  }

  private static RawConnection connect() throws Exception {
    return new RawConnection(gateway.httpPort());
  }

  @Test
  void anAcceptedEventIsAnsweredWithItsId() throws Exception {
    try (RawConnection connection = connect()) {
      Response response = connection.post("/api/v1/events", "{\"a\":1}", JSON).read();

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("{\"status\":\"ok\",\"event_id\":\"e-1\"}");
      assertThat(response.headers())
          .containsEntry("content-type", "application/json")
          .doesNotContainKeys("server", "transfer-encoding", "x-powered-by");
      assertThat(INGEST.lastBody()).isEqualTo("{\"a\":1}");
      assertThat(INGEST.submissions.get(0).kind()).isEqualTo(Kind.SINGLE);
      assertThat(INGEST.submissions.get(0).producer()).isEqualTo("127.0.0.1");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/events, application/json, SINGLE",
    "/events, application/json; charset=UTF-8, SINGLE",
    "/api/v1/events/batch, application/json, BATCH",
    "/events/batch, text/plain, BATCH",
    "/events/batch, text/json, BATCH",
    "/api/v1/events/batch, application/x-ndjson, LINES",
    "/events/batch, application/jsonl;charset=utf-8, LINES",
  })
  void thePathAndTheMediaTypeTellWhatTheBodyHolds(String path, String type, Kind kind)
      throws Exception {
    try (RawConnection connection = connect()) {
      Response response = connection.post(path, "[]", "Content-Type: " + type).read();

      assertThat(response.status()).isEqualTo(200);
      assertThat(INGEST.submissions.get(0).kind()).isEqualTo(kind);
    }
  }

  @Test
  void aBodyWithoutMediaTypeCountsAsJson() throws Exception {
    try (RawConnection connection = connect()) {
      assertThat(connection.post("/events/batch", "[]").read().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Type: application/xml",
    "Content-Type: application/json; charset=utf-16",
    "Content-Type: application/x-www-form-urlencoded",
    "Content-Encoding: gzip",
  })
  void aBodyThatCannotBeReadHereIsRefusedWithAdvice(String header) throws Exception {
    try (RawConnection connection = connect()) {
      Response response = connection.post("/api/v1/events/batch", "<a/>", header).read();

      assertThat(response.status()).isEqualTo(415);
      assertThat(response.body()).startsWith("{\"status\":\"error\",\"error\":\"").contains("send");
      assertThat(INGEST.submissions).isEmpty();
      assertThat(connection.post("/events", "{}", JSON).read().status()).isEqualTo(200);
    }
  }

  @Test
  void aClientThatExpects100IsToldToContinueAtOnce() throws Exception {
    try (RawConnection connection = connect()) {
      connection.send(
          "POST /api/v1/events/batch HTTP/1.1\nHost: x\n"
              + JSON
              + "\nContent-Length: 2\nExpect: 100-continue\n\n");

      assertThat(connection.read().status()).isEqualTo(100);
      assertThat(connection.send("[]").read().status()).isEqualTo(200);
    }
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedWithoutTheInvitationToSendIt() throws Exception {
    try (RawConnection connection = connect()) {
      Response response =
          connection
              .send(
                  "POST /events HTTP/1.1\nHost: x\n"
                      + JSON
                      + "\nContent-Length: 65537\nExpect: 100-continue\n\n")
              .read();

      assertThat(response.status()).isEqualTo(413);
      assertThat(response.headers()).containsEntry("connection", "close");
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aClientThatSendsTooMuchAllTheSameGetsToReadTheAnswerAndKeepsItsConnection()
      throws Exception {
    try (RawConnection connection = connect()) {
      Response response = connection.post("/events", "x".repeat(900_000), JSON).read();

      assertThat(response.status()).isEqualTo(413);
      assertThat(response.body()).contains("65536");
      assertThat(connection.post("/events", "{}", JSON).read().status()).isEqualTo(200);
    }
  }

  @Test
  void aChunkedBodyIsPutTogether() throws Exception {
    try (RawConnection connection = connect()) {
      connection.send(
          "POST /events HTTP/1.1\nHost: x\n" + JSON + "\nTransfer-Encoding: chunked\n\n");
      connection.send("3\n{\"a\n").send("4\n\":1}\n").send("0\n\n");

      assertThat(connection.read().status()).isEqualTo(200);
      assertThat(INGEST.lastBody()).isEqualTo("{\"a\":1}");
    }
  }

  @Test
  void aChunkedBodyOfTheLargestSizeIsTakenAndOneByteMoreIsNot() throws Exception {
    try (RawConnection connection = connect()) {
      String head = "POST /events HTTP/1.1\nHost: x\n" + JSON + "\nTransfer-Encoding: chunked\n\n";

      connection.send(head + "10000\n" + "x".repeat(65_536) + "\n0\n\n");
      assertThat(connection.read().status()).isEqualTo(200);
      assertThat(INGEST.submissions.get(0).length()).isEqualTo(65_536);

      connection.send(head + "10001\n" + "x".repeat(65_537) + "\n0\n\n");
      assertThat(connection.read().status()).isEqualTo(413);
    }
  }

  @Test
  void connectionCloseIsHonoured() throws Exception {
    try (RawConnection connection = connect()) {
      Response response = connection.post("/events", "{}", JSON, "Connection: close").read();

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.headers()).containsEntry("connection", "close");
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (RawConnection connection = connect()) {
      connection
          .post("/events", "{\"n\":1}", JSON)
          .post("/events/batch", "[]", JSON)
          .post("/events", "{\"n\":3}", JSON);

      assertThat(connection.read().body()).contains("event_id\"");
      assertThat(connection.read().body()).contains("event_ids\"");
      assertThat(connection.read().body()).contains("event_id\"");
      assertThat(INGEST.lastBody()).isEqualTo("{\"n\":3}");
    }
  }

  @Test
  void aSenderThatIsTooSlowIsToldSo() throws Exception {
    RecordingIngest ingest = new RecordingIngest();
    try (GatewayServer impatient = TestGateway.start(ingest, Map.of("http.readTimeout", "600ms"));
        RawConnection connection = new RawConnection(impatient.httpPort())) {
      connection.send(
          "POST /events HTTP/1.1\nHost: x\n" + JSON + "\nContent-Length: 100\n\n{\"a\"");

      Response response = connection.read();

      assertThat(response.status()).isEqualTo(408);
      assertThat(connection.isClosedByServer()).isTrue();
      assertThat(ingest.submissions).isEmpty();
    }
  }

  @Test
  void aSenderWhoseOutcomeDoesNotComeInTimeIsToldToSendAgain() throws Exception {
    CompletableFuture<List<Outcome>> later = new CompletableFuture<>();
    RecordingIngest ingest = new RecordingIngest();
    ingest.answersWith(later);
    Map<String, Object> hasty =
        Map.of(
            "publish.deliveryTimeout", "200ms",
            "publish.requestTimeout", "100ms",
            "publish.stallThreshold", "100ms");
    try (GatewayServer impatient = TestGateway.start(ingest, hasty);
        RawConnection connection = new RawConnection(impatient.httpPort())) {
      Response response = connection.post("/events", "{}", JSON).read();
      later.complete(List.of(RecordingIngest.accepted("e-1")));
      ingest.answersWith(List.of(RecordingIngest.accepted("e-2")));

      assertThat(response.status()).isEqualTo(503);
      assertThat(response.headers()).containsKey("retry-after");
      assertThat(response.body()).contains("\"reason\":\"timeout\"");
      assertThat(connection.post("/events", "{}", JSON).read().body()).contains("e-2");
      connection.send("GET /metrics HTTP/1.1\nHost: x\n\n");
      assertThat(connection.read().body()).contains("eventbus_http_answers_given_up_total 1.0");
    }
  }

  @Test
  void bodiesBeyondTheMemorySetAsideAreRefusedUntilThereIsRoomAgain() throws Exception {
    CompletableFuture<List<Outcome>> later = new CompletableFuture<>();
    INGEST.answersWith(later);
    try (RawConnection first = connect();
        RawConnection second = connect();
        RawConnection third = connect()) {
      first.post("/events", "x".repeat(65_536), JSON);
      second.post("/events", "x".repeat(65_536), JSON);
      await().until(() -> INGEST.submissions.size() == 2);

      Response refused = third.post("/events", "{}", JSON).read();
      later.complete(List.of(RecordingIngest.accepted("e")));

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.headers()).containsEntry("retry-after", "3");
      assertThat(first.read().status()).isEqualTo(200);
      assertThat(second.read().status()).isEqualTo(200);
      await()
          .untilAsserted(
              () -> assertThat(third.post("/events", "{}", JSON).read().status()).isEqualTo(200));
    }
  }

  @Test
  void aClientThatGoesAwayFreesItsMemory() throws Exception {
    for (int i = 0; i < 8; i++) {
      try (RawConnection connection = connect()) {
        connection.send("POST /events HTTP/1.1\nHost: x\n" + JSON + "\nContent-Length: 65536\n\nx");
      }
    }
    try (RawConnection connection = connect()) {
      await()
          .untilAsserted(
              () ->
                  assertThat(connection.post("/events", "{}", JSON).read().status())
                      .isEqualTo(200));
    }
  }

  @Test
  void theSenderMayNameItselfAndItsOrder() throws Exception {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    try (RawConnection connection = connect()) {
      connection
          .post(
              "/events",
              "{}",
              JSON,
              "X-Client-Id: rllib:7",
              "X-Ordering-Key: run 4",
              "traceparent: " + trace)
          .read();

      assertThat(INGEST.submissions.get(0).producer()).isEqualTo("rllib:7");
      assertThat(INGEST.submissions.get(0).orderingKey()).isEqualTo("run 4");
      assertThat(INGEST.submissions.get(0).traceparent()).isEqualTo(trace);
    }
  }

  @ParameterizedTest
  @CsvSource({"X-Client-Id: a b", "X-Client-Id: ä", "X-Ordering-Key:"})
  void aNameThatIsNotAllowedIsRefused(String header) throws Exception {
    try (RawConnection connection = connect()) {
      Response response = connection.post("/events", "{}", JSON, header).read();

      assertThat(response.status()).isEqualTo(400);
      assertThat(response.body()).contains(header.substring(0, header.indexOf(':')));
    }
  }

  @Test
  void anEventThatKafkaDidNotTakeIsToBeSentAgain() throws Exception {
    INGEST.answersWith(List.of(new Outcome.Failed("kafka_unreachable", "Kafka is away", null)));
    try (RawConnection connection = connect()) {
      Response response = connection.post("/events", "{}", JSON).read();

      assertThat(response.status()).isEqualTo(503);
      assertThat(response.headers()).containsEntry("retry-after", "3");
      assertThat(response.body())
          .contains("\"error\":\"Kafka is away\"")
          .contains("\"retry\":true");
    }
  }

  @Test
  void anAnswerToThousandsOfEventsArrivesWhole() throws Exception {
    INGEST.answersWith(RecordingIngest.accepted(20_000));
    try (RawConnection connection = connect()) {
      Response response = connection.post("/events/batch", "[]", JSON).read();

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body())
          .startsWith("{\"status\":\"ok\",\"accepted\":20000,")
          .endsWith("\"e-19999\"]}");
    }
  }

  @Test
  void anIngestThatBreaksItsPromiseShowsAsAnErrorIdAndNothingElse() throws Exception {
    INGEST.answersWith(
        CompletableFuture.failedFuture(new IllegalStateException("internal detail")));
    try (RawConnection connection = connect()) {
      Response response = connection.post("/events", "{}", JSON).read();

      assertThat(response.status()).isEqualTo(500);
      assertThat(response.body()).contains("error_id").doesNotContain("internal detail");
    }
  }
}
