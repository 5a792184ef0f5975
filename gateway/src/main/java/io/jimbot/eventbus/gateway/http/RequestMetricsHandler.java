package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;

/** Counts and times every request in one place, whoever answers it. Outermost of our handlers. */
final class RequestMetricsHandler extends Handler.Wrapper {

  private final HttpMetrics metrics;

  RequestMetricsHandler(Handler next, HttpMetrics metrics) {
    super(next);
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Route route =
        "POST".equals(request.getMethod()) ? Route.of(path(request)) : readRoute(path(request));
    Request.addCompletionListener(
        request,
        failure -> {
          metrics.answered(route.label(), response.getStatus());
          if (route.carriesEvents()) {
            metrics.took(route.label(), NanoTime.since(request.getHeadersNanoTime()));
          }
        });
    return super.handle(request, response, callback);
  }

  /** Other methods on the ingest paths carry no events and must not spoil their times. */
  private static Route readRoute(String path) {
    Route route = Route.of(path);
    return route.carriesEvents() ? Route.OTHER : route;
  }

  private static String path(Request request) {
    String path = request.getHttpURI().getCanonicalPath();
    return path == null ? "" : path;
  }
}
