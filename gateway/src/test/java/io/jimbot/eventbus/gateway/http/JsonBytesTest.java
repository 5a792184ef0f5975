package io.jimbot.eventbus.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBytesTest {

  private static String written(String text) throws Exception {
    byte[] json = new JsonBytes(0).raw("[").text(text).raw("]").toByteArray();
    return new ObjectMapper().readTree(json).get(0).textValue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "\"quoted\" \\ back",
        "\n\r\t\0\u001f\u007f",
        "żółw ♠ 🃏",
        "\u2028</script>"
      })
  void aStringComesBackAsItWas(String text) throws Exception {
    assertThat(written(text)).isEqualTo(text);
  }

  @Test
  void anyCharactersComeBack() throws Exception {
    Random random = new Random(20261123);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      random
          .ints(random.nextInt(40), 0, 0x3000)
          .filter(c -> !Character.isSurrogate((char) c))
          .forEach(text::appendCodePoint);
      assertThat(written(text.toString())).isEqualTo(text.toString());
    }
  }

  @Test
  void aLoneSurrogateDoesNotSpoilTheDocument() throws Exception {
    assertThat(written("a\ud800b")).isEqualTo("a?b");
  }

  @Test
  void controlCharactersAreEscaped() {
    byte[] json = new JsonBytes(0).text("a\u0001").toByteArray();

    assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("\"a\\u0001\"");
  }
}
