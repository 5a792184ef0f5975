package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.testing.CapturedTraffic;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchRecoveryTest {
  private static final String A = event("A");
  private static final String B = event("B");
  private static final String C = event("C");

  /** Copies of events, as a GAME_STATE carries them; they are never events of the batch. */
  private static final String COPIES =
      "[{\"type\":\"X\",\"event_id\":\"x1\"},{\"type\":\"X\",\"event_id\":\"x2\"},"
          + "{\"type\":\"X\",\"event_id\":\"x3\"}]";

  private static String event(String id) {
    return "{\"type\":\"HEARTBEAT\",\"event_id\":\"" + id + "\",\"payload\":{\"uptime\":1}}";
  }

  private static List<Decoded> decode(String body) {
    return decode(body, DecodeLimits.DEFAULT);
  }

  private static List<Decoded> decode(String body, DecodeLimits limits) {
    byte[] bytes = body.getBytes(UTF_8);
    return new BodyDecoder(limits, EventCatalogue.builtIn())
        .batch(bytes, bytes.length, Instant.EPOCH, () -> "assigned");
  }

  /** What came out: the id of an event, or the bytes of anything else. */
  private static List<String> told(String body) {
    return decode(body).stream().map(piece -> told(piece, body)).toList();
  }

  private static String told(Decoded piece, String body) {
    return piece instanceof Decoded.Readable event
        ? event.facts().eventId()
        : new String(body.getBytes(UTF_8), piece.position(), piece.length(), UTF_8);
  }

  private static Decoded.Broken onlyBroken(List<Decoded> pieces) {
    List<Decoded.Broken> broken =
        pieces.stream()
            .filter(Decoded.Broken.class::isInstance)
            .map(Decoded.Broken.class::cast)
            .toList();
    assertThat(broken).hasSize(1);
    return broken.get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // quotes that are not escaped, in an element, a name and a value
        "{'type':'A','payload':{'quoted':['the 'big' one']}}",
        "{'type':'A','payload':{'the 'big' one':1},'version':1}",
        "{'type':'A','payload':{'x':'the 'big' one'},'version':1}",
        "{'type':'A','payload':{'x':['a','b ', c']},'version':1}",
        // commas, colons and brackets
        "{'type':'A' 'version':1}",
        "{'type':'A','version' 1}",
        "{'type':'A','version':1,}",
        "{'type':'A','payload':{'x':[1,2},'version':1}",
        "{'type':'A','payload':{'x':1,'version':1}",
        "{'type':'A','payload':{'x':1]},'version':1}",
        "{'type':'A','payload':{'x':1}",
        "{'type':'A','payload':[1,2,[3}",
        // strings that are not closed
        "{'type':'A','payload':{'x':'abc}}",
        "{'type:'A','payload':{'x':1}}",
        "{'type':'A','payload':{'x:1}}",
        // values that are none
        "{'type':'A','version':}",
        "{'type':'A','version':nul}",
        "{'type':'A','version':+1}",
        "{'type':'A','payload':'\\x'}",
        "{'type':'A','payload':'\\u12'}",
        "{'type':'A','payload':\u0007}",
        "{type:'A'}",
        // what would make it an event is missing or wrong
        "{'payload':{}}",
        "{'type':'','payload':{}}",
        "{'type':null}",
        "{'type':'9'}",
        "{'type':'A','event_id':7}",
        "{'type':'A','event_id':''}",
        "{'type':'A','source':'s','source':'t'}",
        "'text'",
        "17",
        "null",
        "[{'type':'A'},{'type':'B'}]",
      })
  void aBrokenEventInTheMiddleCostsItsNeighboursNothing(String quoted) {
    String broken = quoted.replace('\'', '"');
    for (String form : List.of("{\"events\":[%s],\"source\":\"s\"}", "[%s]", "[ %s\n]")) {
      String body = String.format(form, A + "," + broken + "," + B + " , " + C);
      assertThat(told(body)).as(body).containsExactly("A", broken, "B", "C");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'G' 'changes':%s,'payload':{}}",
        "{'changes':%s,'type':'G','payload':{'a':['the 'big' one']}}",
        "{'type':'G','changes':%s,'payload':{'x':1}",
        "{'type':'G','changes':[{'type':'X','payload':{'x':'abc}},{'type':'X'},{'type':'X'}],'n':%s}",
        "{'type':'G','changes':[{'type':'X','payload':{'x':1},{'type':'X'},{'type':'X'}],'n':%s}",
        "{'type':'G','changes':[{'type':'X' 'v':1},{'type':'X'},{'type':'X'}],'payload':{'n':%s}",
        "{'type':'G','payload':{'x':],'changes':%s,'y':1}",
      })
  void copiesOfEventsInABrokenEventAreNotTakenAsEvents(String quoted) {
    String broken = String.format(quoted.replace('\'', '"'), COPIES);
    for (String form : List.of("{\"source\":\"s\",\"events\":[%s],\"batch_id\":\"b\"}", "[%s]")) {
      String body = String.format(form, A + "," + broken + "," + B + "," + C);
      assertThat(told(body)).as(body).containsExactly("A", broken, "B", "C");
    }
  }

  @Test
  void copiesOfEventsBeforeTheEndOfATruncatedBodyAreNotTakenAsEvents() {
    String whole = "[" + A + ",{\"type\":\"G\",\"changes\":" + COPIES + ",\"payload\":{}}]";
    for (int end = A.length() + 2; end < whole.length() - 1; end++) {
      List<String> told = told(whole.substring(0, end));
      assertThat(told).as(whole.substring(0, end)).first().isEqualTo("A");
      assertThat(told).as(whole.substring(0, end)).doesNotContain("x1", "x2", "x3").hasSize(2);
    }
  }

  @Test
  void everyPlaceAtWhichABodyCanBeTruncatedLeavesTheEventsBeforeIt() {
    String whole =
        "{\"source\":\"s\",\"events\":[" + A + "," + B + "," + C + "],\"batch_id\":\"b\"}";
    for (int end = 0; end < whole.length(); end++) {
      String body = whole.substring(0, end);
      int complete = (body.split("\\{\"uptime\":1}}", -1).length - 1);
      List<Decoded> pieces = decode(body);
      assertThat(pieces).as(body).hasSize(complete + 1);
      assertThat(pieces.subList(0, complete)).as(body).allMatch(Decoded.Readable.class::isInstance);
      assertThat(onlyBroken(pieces).malformed()).as(body).isTrue();
    }
  }

  @Test
  void bytesThatAreOverwrittenBehindAPlaceCostOnlyWhatIsThere() {
    StringBuilder events = new StringBuilder("[");
    for (int i = 0; events.length() < 100_000; i++) {
      events.append(i == 0 ? "" : ",").append(event("id-" + i));
    }
    byte[] body = events.append(']').toString().getBytes(UTF_8);
    byte[] garbage = new byte[body.length - 65_536];
    new Random(1).nextBytes(garbage);
    System.arraycopy(garbage, 0, body, 65_536, garbage.length);
    List<Decoded> pieces =
        new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn())
            .batch(body, body.length, Instant.EPOCH, () -> "assigned");
    long whole = pieces.stream().filter(Decoded.Readable.class::isInstance).count();
    assertThat(whole)
        .isEqualTo(
            new String(Arrays.copyOf(body, 65_536), UTF_8).split("\\{\"uptime\":1}}", -1).length
                - 1);
    assertThat(pieces).hasSize((int) whole + 1);
  }

  @Test
  void severalBrokenEventsInABatchCostOnlyThemselves() {
    StringBuilder events = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      String broken = "{\"type\":\"A\",\"payload\":{\"x\":[" + i + "}}";
      events.append(event("id-" + i)).append(',').append(i == 7 ? "5," : "");
      events.append(broken).append(',');
    }
    List<Decoded> pieces = decode("{\"events\":[" + events + C + "]}");
    assertThat(pieces.stream().filter(Decoded.Readable.class::isInstance)).hasSize(51);
    assertThat(pieces).hasSize(102);
  }

  @Test
  void theHeaderBehindABrokenLastEventIsRead() {
    for (String broken : List.of("{\"type\":\"A\",\"payload\":{\"x\":[1}", "}", "{\"type\":\"A")) {
      String body = "{\"events\":[" + A + "," + broken + "],\"tags\":[1],\"source\":\"late\"}";
      List<Decoded> pieces = decode(body);
      assertThat(pieces).as(body).hasSize(2);
      assertThat(((Decoded.Readable) pieces.get(0)).facts().source()).as(body).isEqualTo("late");
      assertThat(told(pieces.get(1), body)).isEqualTo(broken);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"}", "}}", "x", "\"x\"", ":", "1"})
  void junkBetweenEventsIsReportedAndCostsNoEvent(String junk) {
    String body = "{\"events\":[" + A + junk + "," + B + "," + C + "]}";
    assertThat(told(body)).containsExactly("A", junk, "B", "C");
    assertThat(onlyBroken(decode(body)).path()).isEqualTo("events[1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[%s,%s,]", "[%s,,%s]", "[,%s,%s]", "[%s %s]", "{\"events\":[%s%s]}"})
  void missingAndNeedlessCommasBetweenEventsDoNotMatter(String form) {
    assertThat(told(String.format(form, A, B))).containsExactly("A", "B");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"batch_id\":\"b,\"events\":[%s],\"source\":\"s\"}",
        "{\"batch_id\":b,\"events\":[%s],\"source\":\"s\"}",
        "{\"batch_id:\"b\",\"events\":[%s],\"source\":\"s\"}",
        "{\"a\" 1,\"events\" : [%s],\"source\":\"s\"}",
        "{\"a\":\"events\",\"b\":{,\"events\":[%s],\"source\":\"s\"}",
        "{,\"events\":[%s],\"source\":\"s\"}",
      })
  void aBrokenHeaderBeforeTheEventsCostsNoEvent(String form) {
    List<Decoded> pieces = decode(String.format(form, A + "," + B));
    assertThat(pieces).hasSize(3);
    assertThat(onlyBroken(pieces).path()).isEmpty();
    assertThat(pieces.subList(1, 3))
        .extracting(piece -> ((Decoded.Readable) piece).facts())
        .extracting("eventId", "source")
        .containsExactly(tuple("A", "s"), tuple("B", "s"));
  }

  @Test
  void aBrokenHeaderBehindTheEventsCostsNoEvent() {
    String body = "{\"events\":[" + A + "," + B + "],\"source\":s}";
    assertThat(told(body)).containsExactly("A", "B", ",\"source\":s}");
  }

  @Test
  void aMemberThatStandsTwiceInABatchIsToldAndItsFirstValueHolds() {
    String body =
        "{\"source\":\"s\",\"events\":[" + A + "],\"source\":\"t\",\"events\":[" + B + "]}";
    List<Decoded> pieces = decode(body);
    assertThat(told(body)).containsExactly("A", ",\"source\":\"t\",\"events\":[" + B + "]}");
    assertThat(((Decoded.Readable) pieces.get(0)).facts().source()).isEqualTo("s");
    assertThat(onlyBroken(pieces).reason()).isEqualTo("duplicate_member");
    assertThat(onlyBroken(pieces).path()).isEqualTo("source");
    assertThat(told("{\"source\":\"s\",\"source\":\"t\",\"events\":[" + A + "]}"))
        .containsExactly("{\"source\":\"s\",\"source\":\"t\",\"events\":", "A");
    assertThat(told("{\"events\":[" + A + "],\"events\":[" + B + "]}"))
        .containsExactly("A", ",\"events\":[" + B + "]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'A','payload':[[[[[[[[[[1]]]]]]]]]]} | too_deep | events[1].payload",
        "{'type':'A','kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk':1} | name_too_long | events[1].kkk",
        "{'type':'A','payload':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'} | event_too_large | events[1]",
        "{'type':'A','event_id':[7]} | invalid | events[1].event_id",
        "{'type':7} | invalid | events[1].type",
        "{'event_type':'-'} | invalid | events[1].event_type",
        "{'x':'A'} | invalid | events[1].type",
        "7 | not_an_event | events[1]",
        "{'type':'ERROR','payload':{'context':{'code':1,'code':2}}} | duplicate_member"
            + " | events[1].payload.context.code",
        "{'type':'METRICS','payload':{'values':{'':1,'':2}}} | duplicate_member"
            + " | events[1].payload.values[\"\"]",
        "{'type':'A','payload':{'x':[1,{'y':tru}]}} | unreadable | events[1].payload.x[1].y",
      })
  void everyKindOfRefusalTellsItsReasonAndPlace(String event, String reason, String path) {
    DecodeLimits limits = new DecodeLimits(8, 32, 100, 128);
    String quoted = event.replace('\'', '"');
    List<Decoded> pieces = decode("[" + A + "," + quoted + "," + B + "]", limits);
    assertThat(pieces).hasSize(3);
    Decoded.Broken broken = onlyBroken(pieces);
    assertThat(broken.reason()).isEqualTo(reason);
    assertThat(broken.path()).startsWith(path);
    assertThat(broken.length()).isEqualTo(quoted.length());
  }

  @Test
  void eventsBeyondTheLimitAreOnePieceAndTheHeaderBehindThemIsRead() {
    DecodeLimits limits = new DecodeLimits(8, 32, 2, 128);
    String body = "{\"events\":[" + A + "," + B + "," + C + "," + A + "],\"source\":\"late\"}";
    List<Decoded> pieces = decode(body, limits);
    assertThat(pieces).hasSize(3);
    assertThat(((Decoded.Readable) pieces.get(1)).facts().source()).isEqualTo("late");
    assertThat(told(pieces.get(2), body)).isEqualTo(C + "," + A);
    assertThat(onlyBroken(pieces).reason()).isEqualTo("too_many_events");
    assertThat(onlyBroken(pieces).path()).isEqualTo("events[2]");
  }

  @Test
  void linesBeyondTheLimitAreOnePiece() {
    DecodeLimits limits = new DecodeLimits(8, 32, 1, 128);
    String body = A + "\n" + B + "\n" + C;
    List<Decoded> pieces = decode(body, limits);
    assertThat(pieces).hasSize(2);
    assertThat(told(pieces.get(1), body)).isEqualTo(B + "\n" + C);
  }

  @Test
  void aBrokenLineIsReportedWholeAndCostsNoOtherLine() {
    for (String broken :
        List.of("{\"type\":},{\"type\":\"X\"}", A + A, A + ",", "{\"type\":\"X", "junk", "{}")) {
      String body = B + "\r\n" + broken + "\r\n\n" + C;
      assertThat(told(body)).as(body).containsExactly("B", broken, "C");
      body = broken + "\n" + B + "\n" + C;
      if (broken.startsWith("{")) {
        assertThat(told(body)).as(body).containsExactly(broken, "B", "C");
      }
    }
  }

  @Test
  void theFirstLineOfSeveralSaysNothingForTheOthers() {
    String body = "{\"type\":\"A\",\"source\":\"s\",\"game_id\":\"g\"}\n{\"type\":\"B\"}";
    assertThat(decode(body))
        .extracting(piece -> ((Decoded.Readable) piece).facts())
        .extracting("source", "gameId")
        .containsExactly(tuple("s", "g"), tuple(null, null));
  }

  @Test
  void aSingleEventOnSeveralLinesIsOneEvent() {
    assertThat(told(A.replace(",", ",\n"))).containsExactly("A");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"events\":[]}",
        "{\"events\":{}}",
        "{\"\\u0065vents\":[]}",
        "\uFEFF[]",
        "{\"a\":{\"events\":[1]},\"events\":[]}"
      })
  void anEmptyBatchHasNoPieces(String body) {
    assertThat(decode(body)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "[", "{", "\"x\"", "5", "{\"events\":5}", "{\"events\":{\"a\":1}}"})
  void aBodyThatIsNoBatchIsOneBrokenPiece(String body) {
    assertThat(decode(body)).hasSize(1);
    assertThat(onlyBroken(decode(body)).length()).isEqualTo(body.length());
  }

  @Test
  void aBodyWithOneEventIsReadWholeOrNotAtAll() {
    BodyDecoder decoder = new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());
    for (String body : List.of(A, "\uFEFF" + A, " " + A + "\n", A + "x", A + A, "", "[]", "{}")) {
      byte[] bytes = body.getBytes(UTF_8);
      Decoded decoded = decoder.event(bytes, bytes.length, Instant.EPOCH, () -> "assigned");
      boolean good = body.strip().replace("\uFEFF", "").equals(A);
      assertThat(decoded instanceof Decoded.Readable).as(body).isEqualTo(good);
      if (!good) {
        assertThat(decoded.position() + decoded.length()).isEqualTo(bytes.length);
      }
    }
  }

  @Test
  void aCapturedBatchKeepsItsEventsWhicheverOfThemLosesAByte() {
    Random random = new Random(20260106);
    List<CapturedTraffic.Request> batches = CapturedTraffic.batches("typical");
    BodyDecoder decoder = new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());
    int lost = 0;
    int damaged = 0;
    for (CapturedTraffic.Request request : batches) {
      byte[] body = request.body();
      List<Decoded> whole = decoder.batch(body, body.length, Instant.EPOCH, () -> "assigned");
      Decoded victim = whole.get(random.nextInt(whole.size()));
      int hole = victim.position() + 1 + random.nextInt(victim.length() - 2);
      byte[] holed = new byte[body.length - 1];
      System.arraycopy(body, 0, holed, 0, hole);
      System.arraycopy(body, hole + 1, holed, hole, holed.length - hole);
      long kept =
          decoder.batch(holed, holed.length, Instant.EPOCH, () -> "assigned").stream()
              .filter(Decoded.Readable.class::isInstance)
              .count();
      damaged++;
      lost += (int) Math.max(0, whole.size() - 1 - kept);
    }
    assertThat(damaged).isGreaterThan(100);
    assertThat(lost).isZero();
  }
}
