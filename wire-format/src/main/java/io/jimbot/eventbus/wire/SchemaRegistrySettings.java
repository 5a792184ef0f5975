package io.jimbot.eventbus.wire;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Whether values are in the Confluent wire format, and where their schemas are. Immutable; does not
 * print what is secret.
 *
 * @param url the registry: {@code http://host:port}, several separated by commas; {@code none} for
 *     plain Protobuf
 * @param autoRegister whether schemas that it lacks are put there; else they are only looked up
 * @param useLatestVersion whether a subject's latest schema is taken unseen, and by the bus's own
 *     serializer each later one within {@code checkInterval}; that one takes where the messages
 *     stand from the bus's own file, so that the latest schema must have them in the same places
 * @param basicAuthUserInfo {@code user:password}, or {@code none}
 * @param connectTimeout to connect, 10 ms to 60 s
 * @param requestTimeout for one answer, 10 ms to 60 s
 * @param retryInterval the pause after a failure, 10 ms to 60 s; it doubles with each in a row
 * @param maxRetryInterval the longest pause, {@code retryInterval} to 10 min
 * @param checkInterval how often it is asked whether it still has the schemas, by another
 *     serializer only for topics whose last value was not written; 100 ms to 1 h
 * @param serializer the class that writes values, a {@link Serializer} of Protobuf messages
 * @param properties more properties for it, under the names that Confluent's serializer has
 */
public record SchemaRegistrySettings(
    String url,
    boolean autoRegister,
    boolean useLatestVersion,
    String basicAuthUserInfo,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration retryInterval,
    Duration maxRetryInterval,
    Duration checkInterval,
    String serializer,
    Map<String, String> properties) {

  private static final String NONE = "none";
  private static final Duration LEAST = Duration.ofMillis(10);
  private static final Duration MOST = Duration.ofSeconds(60);

  /** Checks the values. */
  public SchemaRegistrySettings {
    url = noneIfBlank(url);
    basicAuthUserInfo = noneIfBlank(basicAuthUserInfo);
    properties = properties == null ? Map.of() : Map.copyOf(properties);
    between("connectTimeout", connectTimeout, LEAST, MOST);
    between("requestTimeout", requestTimeout, LEAST, MOST);
    between("retryInterval", retryInterval, LEAST, MOST);
    between("maxRetryInterval", maxRetryInterval, retryInterval, Duration.ofMinutes(10));
    between("checkInterval", checkInterval, Duration.ofMillis(100), Duration.ofHours(1));
    if (serializer == null || serializer.isBlank()) {
      throw new IllegalArgumentException("schemaRegistry.serializer must be given");
    }
    if (!url.equals(NONE)) {
      check(url, properties);
    }
  }

  private static String noneIfBlank(String text) {
    return text == null || text.isBlank() ? NONE : text.strip();
  }

  private static void between(String key, Duration value, Duration least, Duration most) {
    if (value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "schemaRegistry.%s must be %dms to %dms, is %s"
              .formatted(
                  key,
                  least.toMillis(),
                  most.toMillis(),
                  value == null ? "absent" : value.toMillis() + "ms"));
    }
  }

  private static void check(String url, Map<String, String> properties) {
    try {
      Map<String, Object> all = new HashMap<>(properties);
      all.put(RegistryProperties.URL, url);
      RegistryProperties unused = new RegistryProperties(all);
    } catch (ConfigException e) {
      throw new IllegalArgumentException("schemaRegistry: " + e.getMessage(), e);
    }
  }

  /** Whether there is a registry. */
  public boolean isOn() {
    return !url.equals(NONE);
  }

  boolean isOwnSerializer() {
    return serializer.equals(ConfluentProtobufSerializer.class.getName());
  }

  /** Everything under the names of Confluent's serializer; contains the password. */
  public Map<String, Object> serializerProperties() {
    Map<String, Object> all = new HashMap<>(properties);
    all.put(RegistryProperties.URL, url);
    all.put(RegistryProperties.AUTO_REGISTER, autoRegister);
    all.put(RegistryProperties.USE_LATEST, useLatestVersion);
    all.put(RegistryProperties.CONNECT_TIMEOUT, (int) connectTimeout.toMillis());
    all.put(RegistryProperties.READ_TIMEOUT, (int) requestTimeout.toMillis());
    all.put(RegistryProperties.RETRY_WAIT, (int) retryInterval.toMillis());
    all.put(RegistryProperties.RETRY_MAX_WAIT, (int) maxRetryInterval.toMillis());
    if (!basicAuthUserInfo.equals(NONE)) {
      all.put(RegistryProperties.CREDENTIALS_SOURCE, "USER_INFO");
      all.put(RegistryProperties.USER_INFO, basicAuthUserInfo);
    }
    return all;
  }

  /** Not configured yet. */
  @SuppressWarnings("unchecked")
  Serializer<Message> newSerializer() {
    try {
      return Utils.newInstance(serializer, Serializer.class);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "schemaRegistry.serializer: the class " + serializer + " is not on the class path", e);
    }
  }

  @Override
  public String toString() {
    return "SchemaRegistrySettings[url="
        + (isOn() ? "…" : NONE)
        + ", serializer="
        + serializer
        + "]";
  }
}
