package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTimeTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1_767_225_600_000L, 999_999_999_999_999_999L})
  void aTimeIsReadAsItWasWritten(long millis) {
    assertThat(HeaderTime.millis(HeaderTime.of(millis), -1)).isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "12x", " 1", "9999999999999999999"})
  void whatIsNoTimeIsNone(String text) {
    assertThat(HeaderTime.millis(text.getBytes(UTF_8), -1)).isEqualTo(-1);
  }

  @Test
  void aTimeIsWrittenForPeopleAsWell() {
    assertThat(new String(HeaderTime.of(1_767_225_600_000L), UTF_8)).isEqualTo("1767225600000");
  }
}
