package io.jimbot.eventbus.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.Message;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.testing.InMemorySchemaRegistry;
import io.jimbot.eventbus.wire.RegistryState.Status;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Event;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class FramedFormatIT {

  private static final String LOG = "t.events";
  private static final String LETTERS = "t.dead-letters";
  private static final Map<String, Message> TOPICS =
      Map.of(LOG, Event.getDefaultInstance(), LETTERS, DeadLetter.getDefaultInstance());
  private static final Event EVENT =
      Event.newBuilder().setEventId("e-1").setEventType("HEARTBEAT").build();

  private static ValueFormat prepared(SchemaRegistrySettings settings) throws Exception {
    ValueFormat format = ValueFormat.of(settings, TOPICS);
    format.prepare();
    return format;
  }

  private static RegistryState state(ValueFormat format) {
    return Objects.requireNonNull(format.registry());
  }

  private static byte[] value(ValueFormat format, RecordHeaders headers) {
    return format.serializer().serialize(LOG, headers, EVENT.toByteArray());
  }

  private static int id(byte[] value) {
    return ByteBuffer.wrap(value).getInt(1);
  }

  @Test
  void aValueIsTheRegistrysIdAndTheMessage() throws Exception {
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0);
        ValueFormat format = prepared(TestSettings.of(registry.url()))) {
      RecordHeaders headers = new RecordHeaders();
      byte[] value = value(format, headers);

      assertThat(value[0]).isZero();
      assertThat(id(value)).isEqualTo(registry.id(LOG + "-value"));
      assertThat(value[5]).isZero();
      assertThat(Event.parseFrom(ConfluentFrame.message(value))).isEqualTo(EVENT);
      assertThat(new String(headers.lastHeader(HeaderNames.CONTENT_TYPE).value(), UTF_8))
          .isEqualTo("application/x-confluent-protobuf; messageType=jimbot.events.v1.Event");
    }
  }

  @Test
  void schemasAreRegisteredAsTheyWereWrittenWithAllTheyImport() throws Exception {
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0);
        ValueFormat format = prepared(TestSettings.of(registry.url()))) {
      assertThat(registry.subjects())
          .contains(
              LOG + "-value",
              LETTERS + "-value",
              "jimbot/events/v1/game.proto",
              "jimbot/events/v1/json_mapping.proto")
          .noneMatch(subject -> subject.startsWith("google/"));
      assertThat(registry.latest(LOG + "-value").path("schema").asText())
          .contains("// Something that happened, as its producer told it");
      assertThat(
              registry
                  .latest("jimbot/events/v1/game.proto")
                  .path("references")
                  .findValuesAsText("name"))
          .contains("jimbot/events/v1/cards.proto", "jimbot/events/v1/shop.proto");
      assertThat(state(format).status()).isEqualTo(Status.AVAILABLE);
    }
  }

  @Test
  void aRegistryThatKnowsEverythingIsOnlyAsked() throws Exception {
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0)) {
      prepared(TestSettings.of(registry.url())).close();
      int before = registry.requests().size();

      ValueFormat lookingUp = prepared(TestSettings.of(registry.url(), false, Map.of()));

      List<String> requests = registry.requests();
      assertThat(requests.subList(before, requests.size()))
          .isNotEmpty()
          .noneMatch(request -> request.endsWith("/versions"));
      assertThat(id(value(lookingUp, new RecordHeaders()))).isEqualTo(registry.id(LOG + "-value"));
    }
  }

  @Test
  void withoutLeaveToRegisterAMissingSchemaIsTold() throws Exception {
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0);
        ValueFormat format =
            ValueFormat.of(TestSettings.of(registry.url(), false, Map.of()), TOPICS)) {
      assertThatThrownBy(format::prepare)
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("not found");
      assertThat(state(format).status()).isEqualTo(Status.REFUSING);
      assertThat(registry.subjects()).isEmpty();
      assertThatThrownBy(() -> value(format, new RecordHeaders()))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining(LOG);
    }
  }

  @Test
  void theNextAddressIsAskedWhenOneDoesNotAnswer() throws Exception {
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0);
        ValueFormat format = prepared(TestSettings.of("http://127.0.0.1:1," + registry.url()))) {
      assertThat(state(format).status()).isEqualTo(Status.AVAILABLE);
    }
  }

  @Test
  void aRegistryThatWantsToKnowWhoAsksIsTold() throws Exception {
    try (InMemorySchemaRegistry registry =
        InMemorySchemaRegistry.startFor("Basic YWxpY2U6dGlnZXI=")) {
      String address = registry.url().substring("http://".length());
      assertThatThrownBy(() -> prepared(TestSettings.of(registry.url())))
          .hasMessageContaining("401");
      prepared(TestSettings.of("http://alice:tiger@" + address)).close();
    }
  }

  @Test
  void aRegistryThatGoesAwayCostsNothingAndShows() throws Exception {
    InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0);
    int port = registry.port();
    try (ValueFormat format = prepared(TestSettings.of(registry.url()))) {
      int before = id(value(format, new RecordHeaders()));
      format.start();
      registry.close();
      await().until(() -> state(format).status() == Status.AWAY);

      assertThat(id(value(format, new RecordHeaders()))).isEqualTo(before);
      assertThat(state(format).message()).contains("no answer from http://127.0.0.1");
      format.prepare();

      try (InMemorySchemaRegistry other = InMemorySchemaRegistry.start(port)) {
        other.forget(100);
        await().until(() -> state(format).status() == Status.AVAILABLE);
        await().until(() -> id(value(format, new RecordHeaders())) >= 100);
        assertThat(id(value(format, new RecordHeaders()))).isEqualTo(other.id(LOG + "-value"));
      }
    }
  }

  @Test
  void anIdThatTheRegistryHasGivenToAnotherSubjectIsNotUsedOn() throws Exception {
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0);
        ValueFormat format = prepared(TestSettings.of(registry.url()))) {
      int before = id(value(format, new RecordHeaders()));
      registry.forget(1);
      for (int i = 1; i <= before; i++) {
        register(registry, "theirs-value", "message Theirs" + i + " {}");
      }
      assertThat(registry.id("theirs-value")).isEqualTo(before);

      format.start();
      await().until(() -> id(value(format, new RecordHeaders())) != before);
      assertThat(id(value(format, new RecordHeaders()))).isEqualTo(registry.id(LOG + "-value"));
      assertThat(state(format).status()).isEqualTo(Status.AVAILABLE);
    }
  }

  @Test
  void theLatestVersionIsTakenUnseenAndSoIsALaterOne() throws Exception {
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0)) {
      register(registry, LOG + "-value", "message Event {}");
      register(registry, LETTERS + "-value", "message DeadLetter {}");
      try (ValueFormat format = prepared(TestSettings.ofLatest(registry.url()))) {
        assertThat(id(value(format, new RecordHeaders()))).isEqualTo(1);

        register(registry, LOG + "-value", "message Event { string event_id = 1; }");
        format.start();
        await().until(() -> id(value(format, new RecordHeaders())) == 3);
        assertThat(registry.subjects()).hasSize(2);
      }
    }
  }

  private static void register(InMemorySchemaRegistry registry, String subject, String schema)
      throws Exception {
    var unused =
        new RegistryHttp(new RegistryProperties(Map.of("schema.registry.url", registry.url())))
            .post(
                "/subjects/" + subject + "/versions",
                JsonNodeFactory.instance.objectNode().put("schema", schema));
  }

  @Test
  void theSerializerOfAnApplicationWritesTheSame() throws Exception {
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0);
        ValueFormat format = prepared(TestSettings.of(registry.url()));
        ConfluentProtobufSerializer<Event> serializer = new ConfluentProtobufSerializer<>();
        ProtobufDeserializer<Event> deserializer = new ProtobufDeserializer<>(Event.parser())) {
      serializer.configure(Map.of("schema.registry.url", registry.url()), false);
      RecordHeaders headers = new RecordHeaders();

      byte[] value = serializer.serialize(LOG, headers, EVENT);

      assertThat(value).isEqualTo(value(format, new RecordHeaders()));
      assertThat(headers.lastHeader(HeaderNames.CONTENT_TYPE)).isNotNull();
      assertThat(deserializer.deserialize(LOG, value)).isEqualTo(EVENT);
      assertThat(deserializer.deserialize(LOG, EVENT.toByteArray())).isEqualTo(EVENT);
    }
  }

  @Test
  void aValueThatHasAFrameIsLeftAloneAndSoIsNone() throws Exception {
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0);
        ValueFormat format = prepared(TestSettings.of(registry.url()))) {
      byte[] framed = value(format, new RecordHeaders());

      assertThat(format.serializer().serialize(LOG, new RecordHeaders(), framed)).isSameAs(framed);
      assertThat(format.serializer().serialize(LOG, new RecordHeaders(), null)).isNull();
    }
  }

  @Test
  void aTopicOfSomebodyElsesIsLeftAlone() throws Exception {
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.start(0);
        ValueFormat format = prepared(TestSettings.of(registry.url()))) {
      byte[] value = {1, 2, 3};
      RecordHeaders headers = new RecordHeaders();

      assertThat(format.serializer().serialize("other", headers, value)).isSameAs(value);
      assertThat(headers).isEmpty();
    }
  }
}
