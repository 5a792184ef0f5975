package io.jimbot.eventbus.standalone;

import io.jimbot.eventbus.gateway.GatewayConfiguration;
import io.jimbot.eventbus.gateway.GatewayServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Starts the product's gateway: the one place that knows its entry. */
final class GatewayServerStarter implements GatewayStarter {

  @Override
  public RunningGateway start(GatewayOptions options) throws Exception {
    Map<String, Object> overrides = new HashMap<>();
    Integer httpPort = options.httpPort();
    if (httpPort != null) {
      overrides.put("http.port", httpPort);
    }
    Integer grpcPort = options.grpcPort();
    if (grpcPort != null) {
      overrides.put("grpc.port", grpcPort);
    }
    String bootstrapServers = options.bootstrapServers();
    if (bootstrapServers != null) {
      overrides.put("bootstrapServers", bootstrapServers);
    }
    return new Running(
        GatewayServer.start(GatewayConfiguration.load(options.configFile(), overrides)));
  }

  private record Running(GatewayServer server) implements RunningGateway {
    @Override
    public boolean awaitReady(Duration patience) throws InterruptedException {
      return server.awaitReady(patience);
    }

    @Override
    public int httpPort() {
      return server.httpPort();
    }

    @Override
    public int grpcPort() {
      return server.grpcPort();
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
