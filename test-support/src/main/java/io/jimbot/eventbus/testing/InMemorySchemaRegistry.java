package io.jimbot.eventbus.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a schema registry's REST API answers, as far as serializers ask it: schemas by subject, in
 * memory. Thread-safe; whoever starts it closes it.
 */
public final class InMemorySchemaRegistry implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SUBJECTS = "/subjects/";

  static {
    // Else each small answer waits for the acknowledgement of the one before.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final @Nullable String authorization;

  /** The ids of all schemas, by what was posted. */
  private final Map<JsonNode, Integer> ids = new LinkedHashMap<>();

  private final Map<String, List<JsonNode>> subjects = new LinkedHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private int nextId = 1;

  private InMemorySchemaRegistry(HttpServer server, @Nullable String authorization) {
    this.server = server;
    this.authorization = authorization;
  }

  /**
   * Starts one on the loopback address.
   *
   * @param port 0 for a free one
   */
  public static InMemorySchemaRegistry start(int port) throws IOException {
    return started(HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0), null);
  }

  /** One that answers only those who send this header {@code Authorization}. */
  public static InMemorySchemaRegistry startFor(String authorization) throws IOException {
    return started(HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0), authorization);
  }

  /** One that speaks TLS. */
  public static InMemorySchemaRegistry startWith(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return started(server, null);
  }

  private static InMemorySchemaRegistry started(HttpServer server, @Nullable String authorization) {
    InMemorySchemaRegistry registry = new InMemorySchemaRegistry(server, authorization);
    server.createContext("/", registry::handle);
    server.start();
    return registry;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Its address. */
  public String url() {
    return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:" + port();
  }

  /** Method and path of every request so far. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** The subjects that have schemas, the oldest first. */
  public synchronized List<String> subjects() {
    return List.copyOf(subjects.keySet());
  }

  /** What was posted last under a subject. */
  public synchronized JsonNode latest(String subject) {
    List<JsonNode> versions = versions(subject);
    return versions.get(versions.size() - 1);
  }

  /** The id of the latest schema of a subject. */
  public synchronized int id(String subject) {
    return idOf(latest(subject));
  }

  private synchronized List<JsonNode> versions(String subject) {
    return Objects.requireNonNull(subjects.get(subject), subject);
  }

  private synchronized int idOf(JsonNode posted) {
    return Objects.requireNonNull(ids.get(posted), "registered");
  }

  /** Loses everything, as one does that keeps nothing and starts anew; ids begin elsewhere. */
  public synchronized void forget(int firstId) {
    ids.clear();
    subjects.clear();
    nextId = firstId;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    byte[] body = exchange.getRequestBody().readAllBytes();
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    try (exchange) {
      if (authorization != null && !authorization.equals(given)) {
        answer(exchange, 401, error(401, "Unauthorized"));
      } else {
        ObjectNode found = answer(path, body.length == 0 ? null : JSON.readTree(body));
        answer(exchange, found.has("error_code") ? 404 : 200, found);
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private synchronized ObjectNode answer(String path, @Nullable JsonNode posted) {
    if (path.endsWith("/versions") && posted != null) {
      return register(
          path.substring(SUBJECTS.length(), path.length() - "/versions".length()), posted);
    }
    if (path.endsWith("/versions/latest")) {
      String subject =
          path.substring(SUBJECTS.length(), path.length() - "/versions/latest".length());
      return subjects.containsKey(subject)
          ? place(subject, latest(subject))
          : error(40401, "Subject '" + subject + "' not found.");
    }
    String subject = path.substring(SUBJECTS.length());
    if (!subjects.containsKey(subject)) {
      return error(40401, "Subject '" + subject + "' not found.");
    }
    return posted != null && versions(subject).contains(posted)
        ? place(subject, posted)
        : error(40403, "Schema not found");
  }

  private ObjectNode register(String subject, JsonNode posted) {
    for (JsonNode reference : posted.path("references")) {
      if (!subjects.containsKey(reference.path("subject").asText())) {
        return error(42201, "Invalid schema: no reference " + reference);
      }
    }
    List<JsonNode> versions = subjects.computeIfAbsent(subject, unused -> new ArrayList<>());
    if (!versions.contains(posted)) {
      versions.add(posted);
    }
    ids.computeIfAbsent(posted, unused -> nextId++);
    return place(subject, posted);
  }

  private ObjectNode place(String subject, JsonNode posted) {
    return JSON.createObjectNode()
        .put("subject", subject)
        .put("id", idOf(posted))
        .put("version", versions(subject).indexOf(posted) + 1);
  }

  private static ObjectNode error(int code, String message) {
    return JSON.createObjectNode().put("error_code", code).put("message", message);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
