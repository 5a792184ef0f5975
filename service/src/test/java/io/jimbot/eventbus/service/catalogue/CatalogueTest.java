package io.jimbot.eventbus.service.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.event.upcast.Upcaster;
import io.jimbot.events.v1.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {

  @TempDir private Path directory;

  private record Step(String type, int from) implements Upcaster {
    @Override
    public Event apply(Event event) {
      return event;
    }
  }

  private Catalogue withFile(String yaml) throws Exception {
    return Catalogue.load(write(yaml));
  }

  private Catalogue withFile(List<Step> steps, String yaml) throws Exception {
    return Catalogue.load(write(yaml), steps);
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("catalogue.yaml"), yaml);
  }

  @ParameterizedTest
  @CsvSource({
    "HEARTBEAT, system.heartbeat, ephemeral",
    "CONNECTION_TEST, system.connection.test, ephemeral",
    "GAME_STATE, game.state.update, standard",
    "LEARNING_DECISION, learning.decision, archive",
    "ROUND_COMPLETE, game.round.complete, archive",
    "GAME_OVER, game.over, archive",
    "FOO_BAR, custom.foo_bar, standard",
    "NEW_LESSON, learning.lesson, archive",
  })
  void everyEventHasAClass(String type, String topic, String expected) {
    assertThat(Catalogue.builtIn().classOf(type, topic)).isEqualTo(expected);
  }

  @Test
  void theClassesKeepForAnHourAWeekAndAQuarterAndTheNewestForEver() {
    Catalogue catalogue = Catalogue.builtIn();

    assertThat(catalogue.retention("ephemeral").time()).isEqualTo(Duration.ofHours(1));
    assertThat(catalogue.retention("standard").time()).isEqualTo(Duration.ofDays(7));
    assertThat(catalogue.retention("archive").time()).isEqualTo(Duration.ofDays(90));
    assertThat(catalogue.retention("latest").cleanup()).isEqualTo(Cleanup.COMPACT);
  }

  @Test
  void aClassThatNothingRefersToIsNotInUse() {
    assertThat(Catalogue.builtIn().classesInUse())
        .containsExactly("archive", "ephemeral", "standard");
  }

  @Test
  void theTypesAreThoseOfTheEventCatalogue() {
    assertThat(new HashSet<>(Catalogue.builtIn().events().types()))
        .isEqualTo(new HashSet<>(EventCatalogue.builtIn().types()));
  }

  @Test
  void aFileOfTheUsersNeedOnlyHoldWhatDiffers() throws Exception {
    Catalogue catalogue =
        withFile(
            List.of(new Step("GAME_OVER", 1), new Step("GAME_OVER", 2)),
            """
            classes:
              standard: {time: 14d}
              tiny: {time: 10m, size: 1MiB, cleanup: delete, partitions: 1, maxMessageSize: 64KiB}
            topics: {"custom.noise.*": tiny}
            types:
              NEW_TYPE: {topic: game.new}
              GAME_OVER: {version: 3}
              HEARTBEAT: {retention: standard}
            """);

    assertThat(catalogue.retention("standard").time()).isEqualTo(Duration.ofDays(14));
    assertThat(catalogue.retention("standard").partitions()).isEqualTo(8);
    assertThat(catalogue.classOf("X", "custom.noise.a")).isEqualTo("tiny");
    assertThat(catalogue.classOf("X", "custom.noise")).isEqualTo("standard");
    assertThat(catalogue.classOf("HEARTBEAT", "system.heartbeat")).isEqualTo("standard");
    assertThat(catalogue.events().type("NEW_TYPE"))
        .isEqualTo(new EventType("NEW_TYPE", "game.new", "standard", true));
    assertThat(catalogue.newestVersion("NEW_TYPE")).isEqualTo(1);
    assertThat(catalogue.newestVersion("GAME_OVER")).isEqualTo(3);
    assertThat(catalogue.upcasters().isOutdated("GAME_OVER", 2)).isTrue();
    assertThat(catalogue.newestVersion("GAME_STATE")).isEqualTo(1);
    assertThat(catalogue.newestVersion("FOO_BAR")).isNull();
  }

  @Test
  void theMostExactPatternCounts() throws Exception {
    Catalogue catalogue =
        withFile("topics: {\"a.**\": ephemeral, \"a.b.*\": archive, \"a.*.c\": latest}");

    assertThat(catalogue.classOf("X", "a.x")).isEqualTo("ephemeral");
    assertThat(catalogue.classOf("X", "a.b.d")).isEqualTo("archive");
    assertThat(catalogue.classOf("X", "a.x.c")).isEqualTo("latest");
  }

  @Test
  void aVersionThatNoStepLeadsToIsRefusedWithItsKey() {
    assertThatThrownBy(
            () -> withFile(List.of(new Step("ERROR", 1)), "types: {ERROR: {version: 3}}"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "types.ERROR.version is 3, and no step leads from version 2 to the next");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "types: {GAME_STATE: {retention: forever}} | types.GAME_STATE.retention must be one of",
        "topics: {\"x.**\": forever} | topics.x.** must be one of the classes",
        "topics: {\"x.**.y\": standard} | ** may only be the last segment",
        "classes: {standard: {time: 5s}} | classes.*.time, if not 0s, must be 60000ms to",
        "classes: {standard: {time: long}} | classes.standard.time",
        "classes: {standard: {size: 5B}} | classes.*.size, if not 0B, must be",
        "classes: {standard: {cleanup: shred}} | cleanup",
        "classes: {standard: {partitions: 0}} | classes.*.partitions must be 1 to 10000",
        "classes: {\"a/b\": {}} | classes.*.time",
        "types: {game_state: {topic: x}} | a type is written in upper snake case",
        "tipes: {} | tipes",
      })
  void whatIsNotAllowedIsNamed(String yaml, String message) {
    assertThatThrownBy(() -> withFile(yaml)).hasMessageContaining(message);
  }
}
