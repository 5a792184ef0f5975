package io.jimbot.eventbus.gateway.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A collector that speaks OTLP over HTTP and keeps what it gets. Whoever starts it closes it. */
public final class TraceCollector implements AutoCloseable {

  private final Queue<byte[]> received = new ConcurrentLinkedQueue<>();
  private final HttpServer server;

  /** Listens. */
  public TraceCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          received.add(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  /** For the setting. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
  }

  /** What came so far, by who sent it. */
  public List<ResourceSpans> resources() throws InvalidProtocolBufferException {
    List<ResourceSpans> resources = new ArrayList<>();
    for (byte[] request : received) {
      resources.addAll(ExportTraceServiceRequest.parseFrom(request).getResourceSpansList());
    }
    return resources;
  }

  /** The spans of that. */
  public List<Span> spans() throws InvalidProtocolBufferException {
    return resources().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
