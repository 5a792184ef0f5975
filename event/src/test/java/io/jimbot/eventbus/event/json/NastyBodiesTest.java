package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.testing.CapturedTraffic;
import io.jimbot.eventbus.testing.CapturedTraffic.Request;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What is saved of the bodies that no JSON reader takes. The kinds and the numbers of events are
 * found by looking at the text, without the product's reader.
 */
class NastyBodiesTest {
  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");

  private static final Predicate<String> NON_FINITE =
      Pattern.compile("(?<=[:,\\[])-?(?:inf|nan)(?=[,}\\]])").asPredicate();
  private static final Predicate<String> CONTROL = Pattern.compile("[\\x00-\\x1f]").asPredicate();

  /** A quote that neither begins nor ends a string: no mark before it, and none behind it. */
  private static final Predicate<String> QUOTE =
      Pattern.compile("(?<![\\\\{\\[:,])\"(?![:,}\\]])").asPredicate();

  /** States repeat the events that led to them, with their ids. */
  private static final Pattern EVENT_ID = Pattern.compile("\"event_id\":\"([^\"]+)\"");

  private static final Map<String, Predicate<String>> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("plain JSON", NON_FINITE.negate().and(CONTROL.negate()).and(QUOTE.negate()));
    KINDS.put("inf, nan", NON_FINITE.and(CONTROL.negate()).and(QUOTE.negate()));
    KINDS.put("control", CONTROL.and(NON_FINITE.negate()).and(QUOTE.negate()));
    KINDS.put("both", NON_FINITE.and(CONTROL).and(QUOTE.negate()));
    KINDS.put("quote", QUOTE);
  }

  private final BodyDecoder decoder =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());

  @Test
  void ofEveryKindOfBodyAllEventsAreSavedButTheOnesInWhichAQuoteStandsUnescaped() {
    assertThat(table())
        .isEqualTo(
            """
            kind        bodies  events   saved  dead letters
            plain JSON     417    1499    1499             0
            inf, nan        25      86      86             0
            control          2       6       6             0
            both             4      10      10             0
            quote            2       4       2             2
            """);
  }

  @Test
  void theCaptureHasNoBodyThatIsNotUtf8() {
    for (Request request : CapturedTraffic.requests("nasty")) {
      assertThatCode(() -> UTF_8.newDecoder().decode(ByteBuffer.wrap(request.body())))
          .as("line %d", request.line())
          .doesNotThrowAnyException();
      assertThat(new String(request.body(), UTF_8)).doesNotContain("\uFFFD");
    }
  }

  private String table() {
    StringBuilder table = new StringBuilder("kind        bodies  events   saved  dead letters\n");
    KINDS.forEach((name, kind) -> table.append(row(name, kind)));
    return table.toString();
  }

  private String row(String name, Predicate<String> kind) {
    int bodies = 0;
    long events = 0;
    int saved = 0;
    int deadLetters = 0;
    for (Request request : CapturedTraffic.batches("nasty")) {
      String body = new String(request.body(), UTF_8);
      if (kind.test(body)) {
        bodies++;
        events += EVENT_ID.matcher(body).results().map(NastyBodiesTest::id).distinct().count();
        for (Decoded piece : decode(request)) {
          if (piece instanceof Decoded.Readable) {
            saved++;
          } else {
            deadLetters++;
          }
        }
      }
    }
    return "%-10s  %6d  %6d  %6d  %12d\n".formatted(name, bodies, events, saved, deadLetters);
  }

  private static String id(MatchResult match) {
    return match.group(1);
  }

  private Iterable<Decoded> decode(Request request) {
    return decoder.batch(request.body(), request.body().length, RECEIVED, () -> "assigned");
  }
}
