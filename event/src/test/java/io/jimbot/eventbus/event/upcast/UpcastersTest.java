package io.jimbot.eventbus.event.upcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jimbot.events.v1.Event;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UpcastersTest {

  private static final Upcaster NAME_GAME =
      event -> event.toBuilder().setGameId("game-" + event.getGameId()).build();
  private static final Upcaster COUNT =
      event -> event.toBuilder().setSequenceNumber(event.getSequenceNumber() + 7).build();
  private static final Upcaster LABEL =
      event -> event.toBuilder().putMetadata("subtype", event.getSubtype()).build();

  private static final Upcasters THREE =
      Upcasters.builtIn().with("STEP", 1, NAME_GAME).with("STEP", 2, COUNT).with("STEP", 3, LABEL);

  private static Event random(Random random) {
    Event.Builder event =
        Event.newBuilder()
            .setEventType("STEP")
            .setGameId(Integer.toString(random.nextInt(100)))
            .setSequenceNumber(random.nextInt(100))
            .setSubtype("s" + random.nextInt(3))
            .setLeftovers(ByteString.copyFromUtf8("{\"extra\":" + random.nextInt() + "}"));
    int version = random.nextInt(6);
    return version == 0 ? event.build() : event.setVersion(version).build();
  }

  @Test
  void theChainIsItsStepsOneAfterTheOther() {
    Random random = new Random(3);
    Upcaster[] steps = {NAME_GAME, COUNT, LABEL};
    for (int i = 0; i < 1_000; i++) {
      Event event = random(random);
      Event expected = event;
      for (int version = Upcasters.versionOf(event); version < 4; version++) {
        expected = steps[version - 1].apply(expected).toBuilder().setVersion(version + 1).build();
      }

      assertThat(THREE.toCurrent(event)).isEqualTo(expected);
    }
  }

  @Test
  void whatIsCurrentStaysAndLeftoversAreKept() {
    Random random = new Random(4);
    for (int i = 0; i < 1_000; i++) {
      Event event = random(random);
      Event current = THREE.toCurrent(event);

      assertThat(THREE.toCurrent(current)).isEqualTo(current);
      assertThat(current.getLeftovers()).isEqualTo(event.getLeftovers());
    }
  }

  @Test
  void anEventOfAVersionThatIsNotKnownYetStaysAsItIs() {
    Event future = Event.newBuilder().setEventType("STEP").setVersion(9).build();

    assertThat(THREE.toCurrent(future)).isEqualTo(future);
  }

  @Test
  void aTypeWithoutStepsHasOneVersionAndItsEventsStayAsTheyAre() {
    Event event = Event.newBuilder().setEventType("OTHER").build();

    assertThat(THREE.current("OTHER")).isEqualTo(1);
    assertThat(THREE.current("STEP")).isEqualTo(4);
    assertThat(THREE.toCurrent(event)).isSameAs(event);
  }

  @Test
  void noStepMayBeLeftOutOrGivenTwice() {
    assertThatThrownBy(() -> THREE.with("STEP", 5, COUNT))
        .hasMessage("the next step of STEP leads from version 4, not 5");
    assertThatThrownBy(() -> THREE.with("STEP", 3, COUNT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(THREE.current("STEP")).isEqualTo(4);
  }
}
