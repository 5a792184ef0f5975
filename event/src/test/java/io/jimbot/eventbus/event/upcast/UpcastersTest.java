package io.jimbot.eventbus.event.upcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jimbot.events.v1.Event;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class UpcastersTest {

  /** A step of type STEP, unless said otherwise. */
  private record Step(String type, int from, UnaryOperator<Event> change) implements Upcaster {
    Step(int from, UnaryOperator<Event> change) {
      this("STEP", from, change);
    }

    @Override
    public Event apply(Event event) {
      return change.apply(event);
    }
  }

  private static final Step NAME_GAME =
      new Step(1, event -> event.toBuilder().setGameId("game-" + event.getGameId()).build());
  private static final Step COUNT =
      new Step(
          2, event -> event.toBuilder().setSequenceNumber(event.getSequenceNumber() + 7).build());
  private static final Step LABEL =
      new Step(3, event -> event.toBuilder().putMetadata("subtype", event.getSubtype()).build());

  private static final Upcasters FOUR =
      new Upcasters(List.of(LABEL, NAME_GAME, COUNT), Map.of("STEP", 4, "OTHER", 1));

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
    Step[] steps = {NAME_GAME, COUNT, LABEL};
    for (int i = 0; i < 1_000; i++) {
      Event event = random(random);
      Event expected = event;
      for (int version = Upcasters.versionOf(event); version < 4; version++) {
        expected = steps[version - 1].apply(expected).toBuilder().setVersion(version + 1).build();
      }

      assertThat(FOUR.toCurrent(event)).isEqualTo(expected);
    }
  }

  @Test
  void whatIsCurrentStaysAndLeftoversAreKept() {
    Random random = new Random(4);
    for (int i = 0; i < 1_000; i++) {
      Event event = random(random);
      Event current = FOUR.toCurrent(event);

      assertThat(FOUR.toCurrent(current)).isEqualTo(current);
      assertThat(current.getLeftovers()).isEqualTo(event.getLeftovers());
    }
  }

  @Test
  void anEventOfAVersionThatIsNotKnownYetStaysAsItIs() {
    Event future = Event.newBuilder().setEventType("STEP").setVersion(9).build();

    assertThat(FOUR.toCurrent(future)).isEqualTo(future);
  }

  @Test
  void eventsOfATypeWithOneVersionAndOfOneThatIsNotListedStayAsTheyAre() {
    for (String type : List.of("OTHER", "UNLISTED")) {
      Event event = Event.newBuilder().setEventType(type).build();

      assertThat(FOUR.toCurrent(event)).isSameAs(event);
      assertThat(FOUR.isOutdated(type, 1)).isFalse();
    }
    assertThat(FOUR.isOutdated("STEP", 3)).isTrue();
    assertThat(FOUR.isOutdated("STEP", 4)).isFalse();
  }

  @Test
  void theCatalogueSaysHowFarTheStepsAreUsed() {
    Upcasters two = new Upcasters(List.of(NAME_GAME, COUNT, LABEL), Map.of("STEP", 2));

    assertThat(two.toCurrent(Event.newBuilder().setEventType("STEP").build()).getVersion())
        .isEqualTo(2);
  }

  @Test
  void aChainWithAHoleOrThatEndsEarlyIsRefused() {
    assertThatThrownBy(() -> new Upcasters(List.of(NAME_GAME, LABEL), Map.of("STEP", 4)))
        .hasMessage("types.STEP.version is 4, and no step leads from version 2 to the next");
    assertThatThrownBy(() -> new Upcasters(List.of(NAME_GAME, COUNT), Map.of("STEP", 4)))
        .hasMessage("types.STEP.version is 4, and no step leads from version 3 to the next");
  }

  @Test
  void aStepIsGivenOnceAndOfATypeThatIsListed() {
    assertThatThrownBy(() -> new Upcasters(List.of(COUNT, COUNT), Map.of("STEP", 1)))
        .hasMessageEndingWith("are the same step: from version 2 of STEP");
    assertThatThrownBy(() -> new Upcasters(List.of(COUNT), Map.of("OTHER", 1)))
        .hasMessageEndingWith("is a step of STEP, which is no type of the catalogue");
  }
}
