package io.jimbot.eventbus.gateway.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses posts that a web page makes a browser send: no page is served here, so whoever has an
 * origin is a stranger's, and could send commands to a game on its visitor's machine.
 */
final class OriginGuard extends Handler.Wrapper {

  OriginGuard(Handler next) {
    super(next);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if ("POST".equals(request.getMethod()) && request.getHeaders().contains(HttpHeader.ORIGIN)) {
      Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
      return true;
    }
    return super.handle(request, response, callback);
  }
}
