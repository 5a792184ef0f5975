package io.jimbot.eventbus.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTypeTest {
  @ParameterizedTest
  @CsvSource({
    "GAME_STATE, GAME_STATE",
    "connection_test, CONNECTION_TEST",
    "io.jimbot.game-over, IO_JIMBOT_GAME_OVER",
    "a, A",
    "Z9, Z9",
    "iI, II",
  })
  void aNameIsWrittenInUpperSnakeCase(String written, String canonical) {
    assertThat(EventType.canonical(written)).isEqualTo(canonical);
    assertThat(EventType.canonical(canonical)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9A", "_A", ".A", "-A", "A B", "Ä", "A\u0000", "ı", "A/B", "😀"})
  void whatIsNoNameOfATypeHasNoCanonicalForm(String written) {
    assertThat(EventType.canonical(written)).isNull();
  }

  @Test
  void aNameHasAtMost128Characters() {
    assertThat(EventType.canonical("a".repeat(128))).isEqualTo("A".repeat(128));
    assertThat(EventType.canonical("a".repeat(129))).isNull();
  }
}
