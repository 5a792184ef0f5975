package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionHeaderTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, Integer.MAX_VALUE})
  void aVersionIsReadAsItWasWritten(int version) {
    assertThat(VersionHeader.read(VersionHeader.of(version).value())).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-4", "1.5", "two", "99999999999"})
  void whatIsNoVersionIsTheFirst(String text) {
    assertThat(VersionHeader.read(text.getBytes(UTF_8))).isEqualTo(1);
  }

  @Test
  void aVersionIsWrittenInDecimal() {
    assertThat(new String(VersionHeader.of(12).value(), UTF_8)).isEqualTo("12");
  }
}
