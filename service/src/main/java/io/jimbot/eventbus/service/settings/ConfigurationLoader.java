package io.jimbot.eventbus.service.settings;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.util.DataSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import org.apache.commons.text.StringSubstitutor;
import org.jspecify.annotations.Nullable;

/**
 * Reads a program's settings: the defaults in a resource of its own, over them a file of the
 * user's, over it what the program itself sets, over all of it system properties such as {@code
 * -Deventbus.http.port=80}. Each layer need only hold the keys that differ. {@code
 * ${NAME:-default}} in a value stands for an environment variable. Immutable.
 *
 * @param <T> the settings, a record
 */
public final class ConfigurationLoader<T> {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final StringSubstitutor ENVIRONMENT = new EnvironmentVariableSubstitutor(false);

  private final Class<T> type;
  private final String defaults;
  private final String properties;

  /**
   * For one program.
   *
   * @param defaults the resource that documents every key, for example {@code gateway.yml}
   */
  public ConfigurationLoader(Class<T> type, String defaults) {
    this(type, defaults, "eventbus");
  }

  /**
   * For settings beside a program's.
   *
   * @param defaults the resource that documents every key
   * @param properties what the names of system properties for them begin with, before a dot
   */
  public ConfigurationLoader(Class<T> type, String defaults, String properties) {
    this.type = type;
    this.defaults = defaults;
    this.properties = properties;
  }

  /**
   * Reads and checks all settings.
   *
   * @param file the user's YAML file, or null for none
   * @param overrides by dotted key, for example {@code http.port}
   * @throws IOException if the file cannot be read
   * @throws ConfigurationException if a key is unknown (with the nearest that is known) or a value
   *     is not allowed
   */
  public T load(@Nullable Path file, Map<String, Object> overrides)
      throws IOException, ConfigurationException {
    ObjectNode merged = readDefaults();
    if (file != null) {
      JsonNode user = YAML.readTree(Files.readAllBytes(file));
      if (user instanceof ObjectNode keys) {
        merge(merged, substituted(keys));
      } else if (user != null && !user.isMissingNode() && !user.isNull()) {
        throw new IOException(file + ": the file must hold keys and values");
      }
    }
    overrides.forEach((key, value) -> set(merged, key, YAML.valueToTree(value)));
    return new Factory<>(type, properties).build(merged, file == null ? defaults : file.toString());
  }

  private ObjectNode readDefaults() throws IOException {
    try (InputStream in = type.getClassLoader().getResourceAsStream(defaults)) {
      return substituted((ObjectNode) YAML.readTree(Objects.requireNonNull(in, defaults)));
    }
  }

  /** After parsing, so that a variable's value is a value whatever characters are in it. */
  private static ObjectNode substituted(ObjectNode node) {
    for (Entry<String, JsonNode> entry : node.properties()) {
      JsonNode value = entry.getValue();
      if (value instanceof ObjectNode keys) {
        substituted(keys);
      } else if (value.isTextual()) {
        entry.setValue(TextNode.valueOf(ENVIRONMENT.replace(value.textValue())));
      }
    }
    return node;
  }

  private static void merge(ObjectNode target, ObjectNode layer) {
    for (Entry<String, JsonNode> entry : layer.properties()) {
      JsonNode value = entry.getValue();
      if (value instanceof ObjectNode keys
          && target.get(entry.getKey()) instanceof ObjectNode inner) {
        merge(inner, keys);
      } else if (!value.isNull()) {
        target.set(entry.getKey(), value);
      }
    }
  }

  private static void set(ObjectNode target, String key, JsonNode value) {
    int dot = key.indexOf('.');
    if (dot < 0) {
      ObjectNode layer = YAML.createObjectNode();
      layer.set(key, value);
      merge(target, layer);
    } else {
      set(target.withObjectProperty(key.substring(0, dot)), key.substring(dot + 1), value);
    }
  }

  /** Dropwizard's, for its error messages. */
  private static final class Factory<T> extends YamlConfigurationFactory<T> {

    Factory(Class<T> type, String properties) {
      super(type, null, mapper(), properties);
    }

    private static ObjectMapper mapper() {
      SimpleModule units =
          new SimpleModule()
              .addDeserializer(Duration.class, new DurationText())
              .addDeserializer(DataSize.class, new SizeText());
      return JsonMapper.builder()
          .addModule(units)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
    }

    @Override
    public T build(JsonNode node, String path) throws IOException, ConfigurationException {
      return super.build(node, path);
    }
  }
}
