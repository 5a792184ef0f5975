package io.jimbot.eventbus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.wire.RegistryState.Status;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Event;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignFormatTest {

  private static final String LOG = "t.events";
  private static final String LETTERS = "t.dead-letters";

  private final ValueFormat format =
      ValueFormat.of(
          TestSettings.with(
              "http://127.0.0.1:1", true, StubSerializer.class.getName(), Map.of("stub.id", "7")),
          Map.of(LOG, Event.getDefaultInstance(), LETTERS, DeadLetter.getDefaultInstance()));

  @BeforeEach
  void prepare() throws Exception {
    format.prepare();
  }

  @AfterEach
  void close() {
    StubSerializer.AWAY.set(false);
    format.close();
  }

  private RegistryState state() {
    return Objects.requireNonNull(format.registry());
  }

  private byte[] write(String eventId) {
    return write(eventId, new RecordHeaders());
  }

  private byte[] write(String eventId, RecordHeaders headers) {
    Event event = Event.newBuilder().setEventId(eventId).build();
    return format.serializer().serialize(LOG, headers, event.toByteArray());
  }

  @Test
  void theSerializerThatTheSettingsNameWritesTheValues() throws Exception {
    RecordHeaders headers = new RecordHeaders();
    byte[] value = write("e-1", headers);

    assertThat(ByteBuffer.wrap(value).getInt(1)).isEqualTo(7);
    assertThat(Event.parseFrom(ConfluentFrame.message(value)).getEventId()).isEqualTo("e-1");
    assertThat(headers.lastHeader(HeaderNames.CONTENT_TYPE)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "401, REFUSING, schema_refused",
    "42201, REFUSING, schema_refused",
    "50001, AWAY, schema_registry_unreachable",
    "away, AWAY, schema_registry_unreachable"
  })
  void aRegistryThatFailsLaterShowsUntilAValueIsWrittenAgain(
      String eventId, Status status, String reason) {
    assertThatThrownBy(() -> write(eventId))
        .isInstanceOf(SerializationException.class)
        .cause()
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    assertThat(state().status()).isEqualTo(status);
    assertThat(state().message()).contains("cannot write to " + LOG);
    assertThat(state().failures()).isOne();

    write("e-1");
    assertThat(state()).isEqualTo(new RegistryState(Status.AVAILABLE, "", 1));
  }

  @Test
  void whatIsWrittenToAnotherTopicSaysNothingOfTheOneThatFails() {
    assertThatThrownBy(() -> write("401")).isInstanceOf(SerializationException.class);

    format.serializer().serialize(LETTERS, new RecordHeaders(), new byte[0]);
    assertThat(state().status()).isEqualTo(Status.REFUSING);
  }

  @Test
  void aTopicThatFailedIsAskedForAgainUntilTheRegistryIsBackThoughNothingIsWritten() {
    format.start();
    StubSerializer.AWAY.set(true);
    assertThatThrownBy(
            () -> format.serializer().serialize(LETTERS, new RecordHeaders(), new byte[0]))
        .isInstanceOf(SerializationException.class);

    await().until(() -> state().failures() > 2);
    assertThat(state().status()).isEqualTo(Status.AWAY);
    assertThat(state().message()).contains("cannot write to " + LETTERS);

    StubSerializer.AWAY.set(false);
    await().until(() -> state().status() == Status.AVAILABLE);
  }

  @Test
  void aFailureThatIsNotTheRegistrysSaysNothingOfIt() {
    assertThatThrownBy(() -> write("rule")).hasRootCauseMessage("a rule");

    assertThat(state()).isEqualTo(new RegistryState(Status.AVAILABLE, "", 0));
  }
}
