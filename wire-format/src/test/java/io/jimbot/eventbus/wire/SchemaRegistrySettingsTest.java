package io.jimbot.eventbus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRegistrySettingsTest {

  private static SchemaRegistrySettings settings(String url, Map<String, String> properties) {
    return new SchemaRegistrySettings(
        url,
        true,
        false,
        "alice:tiger",
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofMillis(100),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        ConfluentProtobufSerializer.class.getName(),
        properties);
  }

  @Test
  void noAddressIsPlainProtobuf() {
    assertThat(settings("none", Map.of()).isOn()).isFalse();
    assertThat(settings("", Map.of()).isOn()).isFalse();
  }

  @Test
  void whatIsSecretIsNotPrinted() {
    SchemaRegistrySettings settings = settings("http://bob:lion@localhost:8081", Map.of());

    assertThat(settings.toString()).doesNotContain("tiger").doesNotContain("lion");
    assertThat(new RegistryProperties(settings.serializerProperties()).values().toString())
        .doesNotContain("tiger");
  }

  @Test
  void theUserIsTakenFromTheSettingsElseFromTheAddress() {
    String ofSettings = "Basic YWxpY2U6dGlnZXI=";
    String ofAddress = "Basic Ym9iOmxpb24=";
    String url = "http://bob:lion@localhost:8081/";

    assertThat(
            new RegistryProperties(settings(url, Map.of()).serializerProperties()).authorization())
        .isEqualTo(ofSettings);
    RegistryProperties alone = new RegistryProperties(Map.of("schema.registry.url", url));
    assertThat(alone.authorization()).isEqualTo(ofAddress);
    assertThat(alone.urls()).hasToString("[http://localhost:8081]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:8081", "ftp://localhost", "http://", "http://user:pa ss@x"})
  void anAddressThatIsNoneIsRefusedWithoutBeingPrinted(String url) {
    assertThatThrownBy(() -> settings(url, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("schemaRegistry: schema.registry.url")
        .hasMessageNotContaining("pa ss");
  }

  @Test
  void anotherSubjectStrategyIsRefused() {
    assertThatThrownBy(
            () ->
                settings(
                    "http://localhost:8081",
                    Map.of("value.subject.name.strategy", "x.RecordNameStrategy")))
        .hasMessageContaining("TopicNameStrategy");
  }
}
