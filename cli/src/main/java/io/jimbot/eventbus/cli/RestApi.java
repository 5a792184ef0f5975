package io.jimbot.eventbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The bus's REST interface, where the flags say that it is. */
final class RestApi {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ERRORS = 400;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  @Option(
      names = "--http",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "The bus's HTTP address. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private URI http;

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  JsonNode get(String path) throws IOException, InterruptedException, Refused {
    return send(request(path).GET());
  }

  JsonNode delete(String path) throws IOException, InterruptedException, Refused {
    return send(request(path).DELETE());
  }

  JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException, Refused {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(http.resolve(path)).timeout(PATIENCE);
  }

  private JsonNode send(HttpRequest.Builder request)
      throws IOException, InterruptedException, Refused {
    HttpResponse<byte[]> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    JsonNode body = JSON.readTree(answer.body());
    if (answer.statusCode() >= ERRORS) {
      throw Refused.because(
          http + ": " + answer.statusCode() + ": " + body.path("error").asText("no reason given"));
    }
    return body;
  }
}
