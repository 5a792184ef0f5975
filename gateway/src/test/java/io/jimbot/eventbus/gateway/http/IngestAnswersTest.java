package io.jimbot.eventbus.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.Outcome.Accepted;
import io.jimbot.eventbus.gateway.ingest.Outcome.Failed;
import io.jimbot.eventbus.gateway.ingest.Outcome.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestAnswersTest {

  private static final Accepted GOOD = new Accepted("id-1", "t", 0, 1, false);
  private static final Refused BAD =
      new Refused(
          false, "missing_field", "events[1].source", "\"source\" is missing", "id-2", true);
  private static final Failed LOST = new Failed("buffer_full", "too busy", null);

  private final IngestAnswers answers = new IngestAnswers(1);

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"true, any, 400", "false, any, 422", "false, event_too_large, 413"})
  void aRefusedEventHasAStatusThatTellsItsKind(boolean malformed, String reason, int status) {
    Answer answer = answers.single(List.of(new Refused(malformed, reason, "p", "m", null, false)));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(text(answer))
        .isEqualTo(
            "{\"status\":\"error\",\"error\":\"m\",\"path\":\"p\",\"reason\":\"" + reason + "\"}");
  }

  @Test
  void aLostEventIsToBeSentAgain() {
    Answer answer = answers.single(List.of(LOST));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.retryAfterSeconds()).isEqualTo(1);
  }

  @Test
  void aBatchThatWasTakenWholeIsOk() {
    Answer answer = answers.batch(List.of(GOOD, GOOD));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(text(answer))
        .isEqualTo("{\"status\":\"ok\",\"accepted\":2,\"event_ids\":[\"id-1\",\"id-1\"]}");
  }

  @Test
  void anEmptyBatchIsOk() {
    assertThat(text(answers.batch(List.of())))
        .isEqualTo("{\"status\":\"ok\",\"accepted\":0,\"event_ids\":[]}");
  }

  @Test
  void aBatchWithARefusedEventIsPartial() {
    Answer answer = answers.batch(List.of(GOOD, BAD));

    assertThat(answer.status()).isEqualTo(207);
    assertThat(text(answer))
        .isEqualTo(
            "{\"status\":\"partial\",\"error\":\"1 of 2 events refused\",\"accepted\":1,\"refused\":1,"
                + "\"event_ids\":[\"id-1\",null],\"errors\":[{\"index\":1,"
                + "\"error\":\"\\\"source\\\" is missing\",\"path\":\"events[1].source\","
                + "\"reason\":\"missing_field\",\"event_id\":\"id-2\",\"dead_lettered\":true}]}");
  }

  @Test
  void aBatchOfWhichNothingWasTakenIsAnErrorButNever4xx() {
    Answer answer = answers.batch(List.of(BAD));

    assertThat(answer.status()).isEqualTo(207);
    assertThat(text(answer)).startsWith("{\"status\":\"error\",\"error\":\"1 of 1 event refused\"");
  }

  @Test
  void aBatchWithALostEventIsToBeSentAgainWhole() throws Exception {
    Answer answer = answers.batch(List.of(GOOD, BAD, LOST));

    JsonNode json = new ObjectMapper().readTree(answer.body());
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.retryAfterSeconds()).isEqualTo(1);
    assertThat(json.get("failed").asInt()).isEqualTo(1);
    assertThat(json.at("/errors/1/retry").asBoolean()).isTrue();
    assertThat(json.at("/errors/1/index").asInt()).isEqualTo(2);
  }

  @Test
  void everyRefusedEventIsTold() throws Exception {
    List<Outcome> many = Collections.nCopies(250, BAD);

    JsonNode json = new ObjectMapper().readTree(answers.batch(many).body());

    assertThat(json.get("errors")).hasSize(250);
    assertThat(json.get("event_ids")).hasSize(250);
  }
}
