package io.jimbot.eventbus.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks a schema registry over HTTP: the address that answered last, then the others. Blocks, for at
 * most the read timeout times the number of addresses. Thread-safe.
 */
final class RegistryHttp {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final int MAX_MESSAGE = 500;

  private final List<URI> urls;
  private final HttpClient client;
  private final @Nullable String authorization;
  private final Duration timeout;

  /** Which address answered last. Written and read by whoever asks; any value will do. */
  private volatile int preferred;

  RegistryHttp(RegistryProperties properties) {
    this.urls = properties.urls();
    this.authorization = properties.authorization();
    this.timeout = properties.readTimeout();
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(properties.connectTimeout());
    if (urls.stream().anyMatch(url -> url.getScheme().equals("https"))) {
      try (DefaultSslEngineFactory tls = new DefaultSslEngineFactory()) {
        tls.configure(properties.ssl());
        builder.sslContext(tls.sslContext());
      }
    }
    this.client = builder.build();
  }

  JsonNode get(String path) throws RegistryException {
    return ask(path, null);
  }

  JsonNode post(String path, JsonNode body) throws RegistryException {
    return ask(path, body.toString());
  }

  private JsonNode ask(String path, @Nullable String body) throws RegistryException {
    int first = preferred;
    RegistryException last = null;
    for (int i = 0; i < urls.size(); i++) {
      int index = (first + i) % urls.size();
      try {
        JsonNode answer = ask(urls.get(index), path, body);
        preferred = index;
        return answer;
      } catch (RegistryException e) {
        if (e.refused()) {
          throw e;
        }
        last = e;
      }
    }
    throw last != null ? last : RegistryException.unreachable("no address", null);
  }

  private JsonNode ask(URI url, String path, @Nullable String body) throws RegistryException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(timeout)
            .header("Accept", MEDIA_TYPE + ", application/json");
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (body != null) {
      request.header("Content-Type", MEDIA_TYPE).POST(HttpRequest.BodyPublishers.ofString(body));
    }
    try {
      return read(url, client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RegistryException.unreachable("interrupted while asking " + url, e);
    } catch (RegistryException e) {
      throw e;
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw RegistryException.unreachable("no answer from " + url + ": " + why, e);
    }
  }

  private static JsonNode read(URI url, HttpResponse<byte[]> response) throws RegistryException {
    int status = response.statusCode();
    JsonNode body = parse(response.body());
    if (status / 100 == 2 && body != null) {
      return body;
    }
    String message = body == null ? "" : body.path("message").asText();
    String text =
        url + " answered " + status + (message.isEmpty() ? "" : ": " + shortened(message));
    throw RegistryException.isRefusal(status)
        ? RegistryException.refused(
            text, body == null ? status : body.path("error_code").asInt(status), null)
        : RegistryException.unreachable(text, null);
  }

  private static @Nullable JsonNode parse(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      // A proxy's page, perhaps; the status says enough.
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("reading bytes does no I/O", e);
    }
  }

  private static String shortened(String message) {
    String line = message.replaceAll("\\s+", " ");
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
  }
}
