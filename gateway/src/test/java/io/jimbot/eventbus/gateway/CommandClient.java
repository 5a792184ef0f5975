package io.jimbot.eventbus.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** Posts commands to one gateway, and polls it. */
final class CommandClient {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  CommandClient(GatewayServer gateway) {
    this.base = "http://127.0.0.1:" + gateway.httpPort() + "/api/v1/";
  }

  /** Posts a body to issue a command, as JSON unless other headers are given. */
  HttpResponse<String> post(String body, String... headers) throws Exception {
    return send(
        request("commands", headers.length > 0 ? headers : json())
            .POST(BodyPublishers.ofString(body)));
  }

  /** Issues a command that must be taken. */
  void issue(String body) throws Exception {
    issue(body, "application/json");
  }

  void issue(String body, String contentType) throws Exception {
    HttpResponse<String> answer = post(body, "Content-Type", contentType);
    if (answer.statusCode() != 200) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
  }

  /** Polls; the query may be empty, or start with a question mark. */
  List<String> poll(String query, String... headers) throws Exception {
    return rawPoll(query, headers).body().lines().toList();
  }

  HttpResponse<String> rawPoll(String query, String... headers) throws Exception {
    return send(request("commands/poll" + query, headers).GET());
  }

  HttpResponse<String> event(String body, String... headers) throws Exception {
    return send(
        request("events", headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> head(String path) throws Exception {
    return send(request(path).method("HEAD", BodyPublishers.noBody()));
  }

  double metric(String name) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(base + "../../metrics").normalize()).GET())
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static String[] json() {
    return new String[] {"Content-Type", "application/json"};
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
    return headers.length == 0 ? request : request.headers(headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
