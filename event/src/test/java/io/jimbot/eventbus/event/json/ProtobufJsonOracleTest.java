package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.JsonForm;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufJsonOracleTest {
  private static final long SEED = Long.getLong("random.seed", 20260104L);
  private static final int EVENTS = Integer.getInteger("random.events", 800);
  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");

  private final BodyDecoder decoder =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());

  @Test
  void anEventThatFitsItsMessageIsWhatProtobufsOwnJsonReaderMakesOfIt()
      throws InvalidProtocolBufferException {
    for (int i = 0; i < EVENTS; i++) {
      long seed = SEED + i;
      RandomEvents events = new RandomEvents(new Random(seed), 0);
      RandomEvents.Kind kind = events.kind();
      FieldDescriptor payloadField = Objects.requireNonNull(kind.field());
      String field = payloadField.getName();
      String payload = events.message(payloadField.getMessageType(), 4);
      String rest =
          "\"event_id\":\"e\",\"source\":\"s\",\"version\":3,\"priority\":\"low\","
              + "\"timestamp\":\"2026-01-02T03:04:05.678901Z\",\"metadata\":{\"a\":\"b\"},"
              + (kind.subtype() == null ? "" : "\"subtype\":\"" + kind.subtype() + "\",");
      String sent = "{" + rest + "\"type\":\"" + kind.type() + "\",\"payload\":" + payload + "}";
      String equivalent =
          "{" + rest + "\"event_type\":\"" + kind.type() + "\",\"" + field + "\":" + payload + "}";
      Event.Builder expected = Event.newBuilder();
      JsonFormat.parser().merge(equivalent, expected);

      byte[] body = sent.getBytes(UTF_8);
      Decoded decoded = decoder.event(body, body.length, RECEIVED, () -> "assigned");

      assertThat(decoded)
          .as("-Drandom.seed=%d: %s", seed, sent)
          .isInstanceOf(Decoded.Readable.class);
      Decoded.Readable readable = (Decoded.Readable) decoded;
      Event event = Event.parseFrom(readable.value());
      assertThat(event.toBuilder().clearReceivedAt().clearJsonForm().build().toString().lines())
          .as("-Drandom.seed=%d: %s", seed, sent)
          .containsExactlyElementsOf(expected.build().toString().lines().toList());
      assertThat(event.getJsonForm())
          .isEqualTo(JsonForm.newBuilder().setTypeUnderType(true).setTimestampFormValue(1).build());
      assertThat(event.toByteArray()).as("canonical length").hasSameSizeAs(readable.value());
      assertThat(readable.misfits() + readable.unmapped()).isZero();
    }
  }
}
