package io.jimbot.eventbus.bench;

import io.jimbot.eventbus.gateway.GatewayConfiguration;
import io.jimbot.eventbus.gateway.GatewayServer;
import java.util.Map;

/** The gateway with its default settings in a JVM of its own. */
final class GatewayMain {

  private GatewayMain() {}

  /** Takes the address of Kafka. */
  public static void main(String[] arguments) throws Exception {
    Map<String, Object> overrides =
        Map.of(
            "bootstrapServers",
            arguments[0],
            "http.bindHost",
            "127.0.0.1",
            "http.port",
            0,
            "grpc.bindHost",
            "127.0.0.1",
            "grpc.port",
            0);
    try (GatewayServer gateway = GatewayServer.start(GatewayConfiguration.load(null, overrides))) {
      ChildJvm.serve("http://127.0.0.1:" + gateway.httpPort() + " 127.0.0.1:" + gateway.grpcPort());
    }
  }
}
