package io.jimbot.eventbus.wire;

import java.time.Duration;
import java.util.Map;

/** Settings for tests: short times. */
final class TestSettings {

  private TestSettings() {}

  static SchemaRegistrySettings of(String url) {
    return of(url, true, Map.of());
  }

  static SchemaRegistrySettings of(
      String url, boolean autoRegister, Map<String, String> properties) {
    return with(url, autoRegister, ConfluentProtobufSerializer.class.getName(), properties);
  }

  static SchemaRegistrySettings ofLatest(String url) {
    return with(url, false, true, ConfluentProtobufSerializer.class.getName(), Map.of());
  }

  static SchemaRegistrySettings with(
      String url, boolean autoRegister, String serializer, Map<String, String> properties) {
    return with(url, autoRegister, false, serializer, properties);
  }

  private static SchemaRegistrySettings with(
      String url,
      boolean autoRegister,
      boolean useLatest,
      String serializer,
      Map<String, String> properties) {
    return new SchemaRegistrySettings(
        url,
        autoRegister,
        useLatest,
        "none",
        Duration.ofSeconds(2),
        Duration.ofSeconds(2),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        serializer,
        properties);
  }
}
