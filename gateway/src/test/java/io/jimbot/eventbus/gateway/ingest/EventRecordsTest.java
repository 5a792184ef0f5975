package io.jimbot.eventbus.gateway.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.ingest.Submission.Kind;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventRecordsTest {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final IngestUnderTest ingest = new IngestUnderTest();

  @Test
  void theHeadersSayAllThatTheEnvelopeSays() {
    ProducerRecord<byte[], byte[]> record =
        record(
            "{\"type\":\"joker-trigger\",\"subtype\":\"x\",\"event_id\":\"e-1\",\"source\":\"mod\","
                + "\"game_id\":\"g-1\",\"version\":3}",
            null,
            TRACE);

    assertThat(record.headers().lastHeader(HeaderNames.IDEMPOTENCY_KEY).value()).hasSize(16);
    assertThat(texts(record))
        .isEqualTo(
            Map.of(
                "event-id", "e-1",
                "event-type", "JOKER_TRIGGER",
                "subtype", "x",
                "topic", "game.joker.trigger",
                "source", "mod",
                "game-id", "g-1",
                "version", "3",
                "traceparent", TRACE));
  }

  @Test
  void anEventThatSaysLittleHasFewHeaders() {
    Map<String, String> texts = texts(record("{\"type\":\"My.Own\"}", null, null));

    assertThat(texts.remove("event-id")).hasSize(36);
    assertThat(texts)
        .isEqualTo(Map.of("event-type", "MY_OWN", "topic", "custom.my_own", "version", "1"));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 7", "2147483647, 2147483647", "0, 1", "-3, 1", "1.5, 1", "2147483648, 1"})
  void everyRecordSaysAVersionWhichIsTheFirstUnlessTheEventSaysOneThatCanBe(
      String said, String version) {
    Map<String, String> texts =
        texts(record("{\"type\":\"HEARTBEAT\",\"version\":" + said + "}", null, null));

    assertThat(texts.get("version")).isEqualTo(version);
  }

  @Test
  void noHeaderStandsTwice() {
    ProducerRecord<byte[], byte[]> record = record("{\"type\":\"HEARTBEAT\"}", null, TRACE);

    assertThat(record.headers()).extracting(Header::key).doesNotHaveDuplicates();
  }

  @Test
  void aRecordGoesToTheLogWithTheTimeOfReceiptAndNoPartitionOfItsOwn() {
    ProducerRecord<byte[], byte[]> record =
        record("{\"type\":\"HEARTBEAT\",\"timestamp\":\"1999-01-01T00:00:00Z\"}", null, null);

    assertThat(record.topic()).isEqualTo("jimbot.events");
    assertThat(record.partition()).isNull();
    assertThat(record.timestamp()).isEqualTo(IngestUnderTest.RECEIVED.toEpochMilli());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{\"type\":\"GAME_STATE\"; \"payload\":{\"game_id\":\"g-7\"}},                  g-7",
        "{\"payload\":{\"game_id\":\"g-7\"}; \"type\":\"GAME_STATE\"},                  g-7",
        "{\"type\":\"GAME_STATE\"; \"payload\":{\"game_id\":\"unknown\"}},",
        "{\"type\":\"GAME_STATE\"; \"game_id\":\"g-1\"; \"payload\":{\"game_id\":\"g-7\"}}, g-1",
      })
  void theGameIsTheEnvelopesOrElseThatOfTheStateUnlessItIsUnknown(
      String event, @Nullable String game) {
    Map<String, String> texts = texts(record(event.replace(';', ','), null, null));

    assertThat(texts.get("game-id")).isEqualTo(game);
  }

  @ParameterizedTest
  @CsvSource({
    "run 4, g,   bg,  s,  mod, run 4",
    "     , g,   bg,  s,  mod, g",
    "     ,  ,   bg,  s,  mod, bg",
    "     ,  ,     ,  s,  mod, s",
    "     ,  ,     ,   ,  mod, mod@10.0.0.7",
    "     ,  ,     ,   ,     , 10.0.0.7",
    "''   , '',    , '', mod, mod@10.0.0.7",
  })
  void theOrderingKeyIsTheMostExactThatIsKnownAndNeverTheGameOfThePayload(
      @Nullable String chosen,
      @Nullable String game,
      @Nullable String batchGame,
      @Nullable String session,
      @Nullable String source,
      String key) {
    String body =
        "{"
            + member("game_id", batchGame)
            + "\"events\":[{"
            + member("game_id", game)
            + member("session_id", session)
            + member("source", source)
            + "\"type\":\"GAME_STATE\",\"payload\":{\"game_id\":\"in the payload\"}}]}";

    ProducerRecord<byte[], byte[]> record = record(Kind.BATCH, body, chosen, null);

    assertThat(new String(record.key(), UTF_8)).isEqualTo(key);
  }

  @Test
  void theEventsOfOneBatchHaveOneKeyThoughOnlyTheStateNamesItsGame() {
    var unused =
        ingest.batch(
            "{\"type\":\"MONEY_CHANGED\"}",
            "{\"type\":\"GAME_STATE\",\"payload\":{\"game_id\":\"g-7\"}}");

    assertThat(ingest.kafka.record(1).key()).isEqualTo(ingest.kafka.record(0).key());
  }

  private static String member(String name, @Nullable String text) {
    return text == null ? "" : "\"" + name + "\":\"" + text + "\",";
  }

  private ProducerRecord<byte[], byte[]> record(
      String event, @Nullable String orderingKey, @Nullable String traceparent) {
    return record(Kind.SINGLE, event, orderingKey, traceparent);
  }

  private ProducerRecord<byte[], byte[]> record(
      Kind kind, String body, @Nullable String orderingKey, @Nullable String traceparent) {
    var unused = ingest.submit(kind, body, orderingKey, traceparent);
    assertThat(ingest.kafka.count()).isEqualTo(1);
    return ingest.kafka.record(0);
  }

  /** All headers but the idempotency key, which is no text. */
  private static Map<String, String> texts(ProducerRecord<byte[], byte[]> record) {
    Map<String, String> texts = new TreeMap<>();
    for (Header header : record.headers()) {
      if (!header.key().equals(HeaderNames.IDEMPOTENCY_KEY)) {
        texts.put(header.key(), new String(header.value(), UTF_8));
      }
    }
    return texts;
  }
}
