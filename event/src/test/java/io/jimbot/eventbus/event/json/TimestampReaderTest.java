package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.testing.JsonTree;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.TimestampForm;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampReaderTest {
  private final BodyDecoder decoder =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());

  /** Reads an event of that time, and checks that it is given back as it came. */
  private Event event(String time) throws InvalidProtocolBufferException {
    byte[] body = ("{\"type\":\"A\",\"timestamp\":" + time + "}").getBytes(UTF_8);
    Decoded decoded = decoder.event(body, body.length, Instant.EPOCH, () -> "assigned");
    assertThat(decoded)
        .isInstanceOfSatisfying(
            Decoded.Readable.class, r -> assertThat(r.facts().clock()).isEqualTo(time));
    Event event = Event.parseFrom(((Decoded.Readable) decoded).value());
    JsonTree back = JsonTree.read(new EventEncoder().encode(event));
    assertThat(JsonTree.read(body).differences(back)).isEmpty();
    return event;
  }

  private static Instant moment(Event event) {
    Timestamp time = event.getTimestamp();
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:04:05.678Z, 2026-01-02T03:04:05.678Z, false",
    "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z, false",
    "2026-01-02T03:04:05.123456789Z, 2026-01-02T03:04:05.123456789Z, false",
    "2026-01-02T03:04:05.6Z, 2026-01-02T03:04:05.600Z, true",
    "2026-01-02T03:04:05, 2026-01-02T03:04:05Z, true",
    "2026-01-02T03:04, 2026-01-02T03:04:00Z, true",
    "2026-01-02T03:04:05+01:00, 2026-01-02T02:04:05Z, true",
    "2026-01-02T03:04:05-18:00, 2026-01-02T21:04:05Z, true",
    "2026-01-02T03:04:05+01:00[Europe/Paris], 2026-01-02T02:04:05Z, true",
    "2026-01-02t03:04:05z, 2026-01-02T03:04:05Z, true",
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z, false",
    "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z, false",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z, false",
    "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999999Z, false",
  })
  void textInIso8601IsATime(String text, String moment, boolean leftOver)
      throws InvalidProtocolBufferException {
    Event event = event("\"" + text + "\"");
    assertThat(moment(event)).isEqualTo(Instant.parse(moment));
    assertThat(event.hasLeftovers()).isEqualTo(leftOver);
    assertThat(event.getJsonForm().getTimestampForm())
        .isEqualTo(TimestampForm.TIMESTAMP_FORM_ISO_8601);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"yesterday\"",
        "\"2026-01-02\"",
        "\"03:04:05Z\"",
        "\"2026-01-02 03:04:05Z\"",
        "\"2026-02-30T00:00:00Z\"",
        "\"2016-12-31T23:59:60Z\"",
        "\"2024-02-29T24:00:00Z\"",
        "\"0000-12-31T23:59:59Z\"",
        "\"-0001-01-01T00:00:00Z\"",
        "\"+10000-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59-01:00\"",
        "\"0001-01-01T00:00:00+01:00\"",
        "\"+999999999-12-31T23:59:59Z\"",
        "\"1767323045678\"",
        "null",
        "true",
        "false",
        "{}",
        "[1767323045678]",
        "{\"seconds\":1}",
        "\"\\ud800\"",
        "1e300",
        "1e309",
        "253402300800e9",
        "1767323045.1234567891",
        "1767323045678.1234567",
        "999999999.99999999999999",
        "0.1000000000000000055511151231257827",
      })
  void whatIsNoTimeIsLeftOver(String time) throws InvalidProtocolBufferException {
    Event event = event(time);
    assertThat(event.hasTimestamp()).isFalse();
    assertThat(event.hasMonotonicMs()).isFalse();
    assertThat(event.hasLeftovers()).isTrue();
    assertThat(event.getJsonForm().getTimestampForm())
        .isEqualTo(TimestampForm.TIMESTAMP_FORM_UNSPECIFIED);
  }

  @ParameterizedTest
  @CsvSource({
    "1000000000, 0, SECONDS",
    "1e9, 0, SECONDS",
    "1767323045.678, 0, SECONDS",
    "1.767323045678e9, 0, SECONDS",
    "1767323045.123456789, 0, SECONDS",
    "99999999999, 0, SECONDS",
    "99999999999.9, 0, SECONDS",
    "100000000000, 3, MILLIS",
    "1767323045678, 3, MILLIS",
    "1767323045678.000001, 3, MILLIS",
    "1767323045678.0, 3, MILLIS",
    "99999999999999, 3, MILLIS",
    "100000000000000, 6, MICROS",
    "1767323045678901, 6, MICROS",
    "99999999999999999, 6, MICROS",
    "100000000000000000, 9, NANOS",
    "1767323045678901234, 9, NANOS",
    "1.767323045678901234e18, 9, NANOS",
    "9223372036854775807, 9, NANOS",
    "9223372036854775808, 9, NANOS",
    "253402300799999999999, 9, NANOS",
  })
  void aNumberSaysItsUnitByItsMagnitude(String text, int digits, String unit)
      throws InvalidProtocolBufferException {
    Event event = event(text);
    assertThat(event.getJsonForm().getTimestampForm())
        .isEqualTo(TimestampForm.valueOf("TIMESTAMP_FORM_EPOCH_" + unit));
    Instant moment = moment(event);
    assertThat(
            BigDecimal.valueOf(moment.getEpochSecond())
                .add(BigDecimal.valueOf(moment.getNano(), 9)))
        .isEqualByComparingTo(new BigDecimal(text).movePointLeft(digits));
    assertThat(event.hasLeftovers()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0.0",
        "0.001",
        "18020.0885",
        "999999999",
        "999999999.9",
        "-1",
        "-1e300",
        "-inf"
      })
  void anythingBelowIsMillisecondsOfAMonotonicClock(String text)
      throws InvalidProtocolBufferException {
    Event event = event(text);
    assertThat(event.hasTimestamp()).isFalse();
    assertThat(event.getMonotonicMs())
        .isEqualTo(Double.parseDouble(text.replace("inf", "Infinity")));
    assertThat(event.hasLeftovers()).isFalse();
  }

  @Test
  void whatIsNotFiniteIsOnTheMonotonicClock() throws InvalidProtocolBufferException {
    assertThat(event("inf").getMonotonicMs()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(event("nan").getMonotonicMs()).isNaN();
  }
}
