package io.jimbot.eventbus.standalone;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/**
 * Stands in for the gateway: it listens on the port, needs Kafka to start, and says when it stops
 * whether Kafka was still there.
 */
final class StubGateway implements RunningGateway {

  private static final int DEFAULT_PORT = 8080;

  private final HttpServer server;
  private final Admin admin;
  private boolean closed;

  private StubGateway(HttpServer server, Admin admin) {
    this.server = server;
    this.admin = admin;
  }

  static StubGateway start(GatewayOptions options) throws IOException {
    int port = options.httpPort() == null ? DEFAULT_PORT : options.httpPort();
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.start();
    Admin admin =
        Admin.create(Map.of("bootstrap.servers", String.valueOf(options.bootstrapServers())));
    return new StubGateway(server, admin);
  }

  @Override
  public boolean awaitReady(Duration patience) {
    return true;
  }

  @Override
  public int httpPort() {
    return server.getAddress().getPort();
  }

  /** Serves none. */
  @Override
  public int grpcPort() {
    return 0;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    server.stop(0);
    try {
      System.out.println("drained to cluster " + admin.describeCluster().clusterId().get());
    } catch (ExecutionException e) {
      System.out.println("Kafka was gone: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    admin.close();
  }
}
