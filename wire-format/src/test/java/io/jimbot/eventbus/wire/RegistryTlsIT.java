package io.jimbot.eventbus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jimbot.eventbus.testing.InMemorySchemaRegistry;
import io.jimbot.events.v1.Event;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTlsIT {

  private static final String PASSWORD = "changeit";

  @TempDir private Path directory;

  @Test
  void aRegistryIsReachedOverTlsOnceItsCertificateIsTrusted() throws Exception {
    Path store = newKeyStore();
    try (InMemorySchemaRegistry registry = InMemorySchemaRegistry.startWith(serverTls(store))) {
      assertThat(registry.url()).startsWith("https://");
      assertThatThrownBy(() -> prepare(registry.url(), Map.of()))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("certi");
      prepare(
          registry.url(),
          Map.of(
              "schema.registry.ssl.truststore.location",
              store.toString(),
              "schema.registry.ssl.truststore.type",
              "PKCS12",
              "schema.registry.ssl.truststore.password",
              PASSWORD));
      assertThat(registry.subjects()).contains("t.events-value");
    }
  }

  private static void prepare(String url, Map<String, String> properties) throws Exception {
    try (ValueFormat format =
        ValueFormat.of(
            TestSettings.of(url, true, properties),
            Map.of("t.events", Event.getDefaultInstance()))) {
      format.prepare();
    }
  }

  private Path newKeyStore() throws Exception {
    Path store = directory.resolve("registry.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    return store;
  }

  private static SSLContext serverTls(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    return tls;
  }
}
