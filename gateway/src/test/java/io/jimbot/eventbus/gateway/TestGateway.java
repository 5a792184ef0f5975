package io.jimbot.eventbus.gateway;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;

/** Starts gateways for tests: on a free port, quiet, with settings by dotted key. */
final class TestGateway {

  /** Nothing listens there. */
  static final String NO_KAFKA = "127.0.0.1:1";

  private TestGateway() {}

  static GatewayConfiguration configuration(Map<String, Object> overrides) throws Exception {
    Map<String, Object> all = new HashMap<>();
    all.put("http.port", 0);
    all.put("grpc.port", 0);
    all.put("http.bindHost", "127.0.0.1");
    all.put("bootstrapServers", NO_KAFKA);
    all.put("logging.level", "WARN");
    all.putAll(overrides);
    return GatewayConfiguration.load(null, all);
  }

  static GatewayServer start(RecordingIngest ingest, Map<String, Object> overrides)
      throws Exception {
    return GatewayServer.start(
        configuration(overrides), (publisher, topics, registry, tracing) -> ingest);
  }

  /** Waits until a gateway takes events. */
  static void awaitReady(GatewayServer gateway) {
    awaitReadiness(gateway, 200);
  }

  /** Waits until a gateway says that it takes no events. */
  static void awaitNotReady(GatewayServer gateway) {
    awaitReadiness(gateway, 503);
  }

  private static void awaitReadiness(GatewayServer gateway, int status) {
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + "/ready"))
            .build();
    HttpClient client = HttpClient.newHttpClient();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == status);
  }
}
