package io.jimbot.eventbus.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * The properties of the serializer, under the names and of the types that Confluent's own has.
 * Passwords are never printed. Immutable.
 */
final class RegistryProperties extends AbstractConfig {

  static final String URL = "schema.registry.url";
  static final String AUTO_REGISTER = "auto.register.schemas";
  static final String USE_LATEST = "use.latest.version";
  static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";
  static final String USER_INFO = "basic.auth.user.info";
  static final String CONNECT_TIMEOUT = "http.connect.timeout.ms";
  static final String READ_TIMEOUT = "http.read.timeout.ms";
  static final String RETRY_WAIT = "retries.wait.ms";
  static final String RETRY_MAX_WAIT = "retries.max.wait.ms";
  static final String SUBJECT_STRATEGY = "value.subject.name.strategy";

  private static final String TOPIC_NAME_STRATEGY = "TopicNameStrategy";
  private static final String SSL_PREFIX = "schema.registry.";

  private static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(URL, Type.LIST, Importance.HIGH, "Addresses, tried in turn.")
          .define(AUTO_REGISTER, Type.BOOLEAN, true, Importance.MEDIUM, "Or only look up.")
          .define(USE_LATEST, Type.BOOLEAN, false, Importance.MEDIUM, "Whatever it says.")
          .define(CREDENTIALS_SOURCE, Type.STRING, "URL", Importance.MEDIUM, "URL or USER_INFO.")
          .define(USER_INFO, Type.PASSWORD, "", Importance.MEDIUM, "user:password")
          .define(CONNECT_TIMEOUT, Type.INT, 2_000, Importance.LOW, "To connect.")
          .define(READ_TIMEOUT, Type.INT, 5_000, Importance.LOW, "For one answer.")
          .define(RETRY_WAIT, Type.INT, 500, Importance.LOW, "The first pause after a failure.")
          .define(RETRY_MAX_WAIT, Type.INT, 10_000, Importance.LOW, "The longest pause.")
          .define(SUBJECT_STRATEGY, Type.STRING, TOPIC_NAME_STRATEGY, Importance.LOW, "A class.");

  RegistryProperties(Map<String, ?> properties) {
    super(DEFINITION, properties, false);
    if (!getString(SUBJECT_STRATEGY).endsWith(TOPIC_NAME_STRATEGY)) {
      throw new ConfigException(
          SUBJECT_STRATEGY, getString(SUBJECT_STRATEGY), "only TopicNameStrategy is known");
    }
    if (urls().isEmpty()) {
      throw new ConfigException(URL, "", "at least one address is needed");
    }
  }

  /** The addresses, without the user that they may name and without a slash at the end. */
  List<URI> urls() {
    return getList(URL).stream().map(RegistryProperties::address).toList();
  }

  private static URI address(String text) {
    try {
      URI uri = URI.create(text.strip());
      if (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("https?")) {
        throw new ConfigException(URL + " must be http://host:port or https://host:port");
      }
      String path = uri.getRawPath().replaceAll("/+$", "");
      return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), path, null, null);
    } catch (IllegalArgumentException | java.net.URISyntaxException e) {
      // The text may hold a password.
      throw new ConfigException(URL + " is not an address");
    }
  }

  /** The value of the header {@code Authorization}; null for none. */
  @Nullable String authorization() {
    String user =
        getString(CREDENTIALS_SOURCE).equals("USER_INFO")
            ? getPassword(USER_INFO).value()
            : userOfUrl();
    return user == null || user.isEmpty()
        ? null
        : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8));
  }

  private @Nullable String userOfUrl() {
    return getList(URL).stream()
        .map(text -> URI.create(text.strip()).getUserInfo())
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  boolean autoRegister() {
    return getBoolean(AUTO_REGISTER);
  }

  boolean useLatest() {
    return getBoolean(USE_LATEST);
  }

  Duration connectTimeout() {
    return Duration.ofMillis(getInt(CONNECT_TIMEOUT));
  }

  Duration readTimeout() {
    return Duration.ofMillis(getInt(READ_TIMEOUT));
  }

  Duration retryWait() {
    return Duration.ofMillis(getInt(RETRY_WAIT));
  }

  Duration retryMaxWait() {
    return Duration.ofMillis(getInt(RETRY_MAX_WAIT));
  }

  /** What Kafka's own clients take for TLS: {@code ssl.truststore.location} and so on. */
  Map<String, Object> ssl() {
    Map<String, Object> given = originalsWithPrefix(SSL_PREFIX);
    ConfigDef definition = new ConfigDef();
    SslConfigs.addClientSslSupport(definition);
    return new HashMap<>(definition.parse(given));
  }
}
