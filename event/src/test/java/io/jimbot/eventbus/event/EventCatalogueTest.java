package io.jimbot.eventbus.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventCatalogueTest {
  private static EventCatalogue read(String yaml) throws IOException {
    return EventCatalogue.read(new ByteArrayInputStream(yaml.getBytes(UTF_8)));
  }

  @Test
  void aListedTypeHasItsTopicAndRetention() {
    EventType type = EventCatalogue.builtIn().type("GAME_STATE");
    assertThat(type).isEqualTo(new EventType("GAME_STATE", "game.state.update", "standard", true));
  }

  @Test
  void anyOtherTypeHasATopicOfItsOwn() {
    assertThat(EventCatalogue.builtIn().type("FOO_BAR"))
        .isEqualTo(new EventType("FOO_BAR", "custom.foo_bar", "standard", false));
  }

  @Test
  void everyListedTypeIsCanonicalAndHasADottedTopic() {
    assertThat(EventCatalogue.builtIn().types())
        .allSatisfy(
            type -> {
              assertThat(EventType.canonical(type.name())).isEqualTo(type.name());
              assertThat(type.topic()).matches("[a-z]+(\\.[a-z_]+)+");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | line 1: expected a map with types",
        "types: [] | line 1: expected a map of event types",
        "types: {A: 5} | line 1: expected topic and retention of A",
        "types: {A: {topic: t}} | line 1: expected just topic, retention and version of A",
        "types: {A: {topic: t, retention: r, more: m}} | line 1: expected just topic, retention and version of A",
        "types: {A: {topic: [t], retention: r}} | line 1: expected just topic, retention and version of A",
        "types: {A: {topic: , retention: r}} | line 1: expected just topic, retention and version of A",
        "types: {a: {topic: t, retention: r}} | line 1: expected a type in canonical form, not a",
        "types: {A: {topic: t, topic: u, retention: r}} | expected each property of A once",
        "types:# A: {topic: t, retention: r}# A: {topic: t, retention: r} | line 3: expected each type once",
        "types: {A: {topic: t, retention: r}}#---#B: 5 | expected nothing more",
        "'' | expected a map with types",
      })
  void aCatalogueThatIsNoneSaysWhereAndWhy(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml.replace('#', '\n')))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  @Test
  void textThatIsNoYamlIsAnIoException() {
    assertThatThrownBy(() -> read("types: {A: {topic: t")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("types: }\n")).isInstanceOf(IOException.class);
  }
}
