package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.jimbot.eventbus.testing.CapturedTraffic.Request;
import io.jimbot.eventbus.testing.ExactJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sends captured requests to a gateway, and knows what events they hold. */
final class CaptureReplay {
  /** The bodies of "nasty" in which a quote stands unescaped, by line, and where the fault is. */
  static final Map<Integer, String> UNREADABLE =
      Map.of(
          602, "events[1].payload.score_history.quoted[0]",
          649, "events[1].payload.score_history");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String address;
  private final @Nullable String clientId;

  /**
   * @param clientId the sender's name; null for a mod that does not name itself
   */
  CaptureReplay(int port, @Nullable String clientId) {
    this.address = "http://127.0.0.1:" + port;
    this.clientId = clientId;
  }

  /** A gateway so patient that a busy machine does not make it refuse anything. */
  static GatewayServer startGateway(String bootstrapServers, String prefix) throws Exception {
    GatewayServer gateway =
        GatewayServer.start(
            TestGateway.configuration(
                Map.of(
                    "bootstrapServers",
                    bootstrapServers,
                    "topics.prefix",
                    prefix,
                    "publish.deliveryTimeout",
                    "30s",
                    "publish.stallThreshold",
                    "10s")));
    TestGateway.awaitReady(gateway);
    return gateway;
  }

  /** Sends all but those for commands, one after the other; returns their statuses by line. */
  Map<Integer, Integer> send(List<Request> requests) throws Exception {
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (Request request : requests) {
      if (!request.path().contains("/commands/")) {
        statuses.put(request.line(), send(request));
      }
    }
    return statuses;
  }

  private int send(Request request) throws Exception {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(address + request.path()))
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(builder::header);
    if (clientId != null) {
      builder.header("X-Client-Id", clientId);
    }
    return client.send(builder.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /** What the gateway has counted until now. */
  MetricsPage metrics() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/metrics")).build();
    return new MetricsPage(client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
  }

  /** Whether an event of that body cannot be read. */
  static boolean isUnreadable(String capture, int line) {
    return capture.equals("nasty") && UNREADABLE.containsKey(line);
  }

  /** The events that the requests hold, read without the product's reader. */
  static List<JsonNode> sentEvents(String capture, List<Request> requests) {
    List<JsonNode> events = new ArrayList<>();
    for (Request request : requests) {
      if (isUnreadable(capture, request.line())) {
        String body = new String(request.body(), UTF_8);
        int begin = body.indexOf("\"events\":[") + "\"events\":[".length();
        events.add(ExactJson.read(body.substring(begin, body.indexOf(",{\"event_id\""))));
      } else if (request.isBatch()) {
        ExactJson.read(request.body()).get("events").forEach(events::add);
      } else if (request.path().endsWith("/events")) {
        events.add(ExactJson.read(request.body()));
      }
    }
    return events;
  }
}
