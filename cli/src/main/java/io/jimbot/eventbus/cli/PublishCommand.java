package io.jimbot.eventbus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code eventbus publish}: sends events as JSON, over HTTP since that is where the bus takes JSON.
 * Prints the bus's answer to each request.
 */
@Command(
    name = "publish",
    description =
        "Sends events: one given as an argument, or a file with one per line (- is stdin).")
final class PublishCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OK = 200;

  @Option(
      names = "--http",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "The bus's HTTP address. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private URI http;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Ordering key of all of them. Default: each event's own")
  private @Nullable String orderingKey;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      description = "How long anybody is to get them: 500ms, 30s, 5m, 12h, 7d. Default: always")
  private @Nullable String timeToLive;

  @Option(
      names = "--deliver-at",
      paramLabel = "TIME",
      description =
          "When they are to come: ISO 8601 or milliseconds since 1970. Needs a processor. Default: at once")
  private @Nullable String deliverAt;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "100",
      description = "Lines of a file that go into one request. Default: ${DEFAULT-VALUE}")
  private int batch;

  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private What what;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /** Where the events are. */
  static final class What {
    @Parameters(paramLabel = "JSON", description = "One event.")
    private @Nullable String event;

    @Option(
        names = {"--file", "-f"},
        paramLabel = "FILE",
        required = true,
        description = "One event per line; - is standard input.")
    private @Nullable Path file;
  }

  @Override
  public Integer call() throws Exception {
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    if (what.event != null) {
      return send(client, "/api/v1/events", "application/json", what.event) ? 0 : 1;
    }
    return sendLines(client) ? 0 : 1;
  }

  private boolean sendLines(HttpClient client) throws IOException, InterruptedException {
    if (batch < 1) {
      throw new ParameterException(spec.commandLine(), "--batch must be 1 or more");
    }
    boolean all = true;
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(input(), UTF_8))) {
      StringBuilder body = new StringBuilder();
      int gathered = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        body.append(line).append('\n');
        if (++gathered == batch) {
          all &= sendBatch(client, body.toString());
          body.setLength(0);
          gathered = 0;
        }
      }
      return (gathered == 0 || sendBatch(client, body.toString())) && all;
    }
  }

  private InputStream input() throws IOException {
    Path file = what.file;
    return file == null || file.toString().equals("-") ? System.in : Files.newInputStream(file);
  }

  private boolean sendBatch(HttpClient client, String body)
      throws IOException, InterruptedException {
    return send(client, "/api/v1/events/batch", "application/x-ndjson", body);
  }

  private boolean send(HttpClient client, String path, String type, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(http.resolve(path))
            .timeout(PATIENCE)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    add("X-Ordering-Key", orderingKey, request);
    add("X-TTL", timeToLive, request);
    add("X-Deliver-At", deliverAt, request);
    HttpResponse<String> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    spec.commandLine().getOut().println(answer.body());
    return answer.statusCode() == OK;
  }

  private static void add(String header, @Nullable String value, HttpRequest.Builder request) {
    if (value != null) {
      request.header(header, value);
    }
  }
}
