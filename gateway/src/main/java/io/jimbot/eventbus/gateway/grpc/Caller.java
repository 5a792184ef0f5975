package io.jimbot.eventbus.gateway.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jimbot.eventbus.gateway.telemetry.TraceParent;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a call. Immutable.
 *
 * @param producer the client id of the header {@code x-client-id}, else the address
 * @param traceparent the W3C trace context of the header of that name, if it has one
 */
record Caller(String producer, @Nullable String traceparent) {

  private static final Context.Key<Caller> KEY = Context.key("caller");
  private static final Metadata.Key<String> CLIENT_ID =
      Metadata.Key.of("x-client-id", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> TRACEPARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
  private static final int MAX_ID = 256;

  /** The caller of the call that this thread serves. */
  static Caller current() {
    Caller caller = KEY.get();
    return caller == null ? new Caller("unknown", null) : caller;
  }

  /** Makes {@link #current} known to all services. */
  static final class Interceptor implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      Caller caller =
          new Caller(producer(call, headers), TraceParent.orNull(headers.get(TRACEPARENT)));
      return Contexts.interceptCall(Context.current().withValue(KEY, caller), call, headers, next);
    }

    private static String producer(ServerCall<?, ?> call, Metadata headers) {
      String id = headers.get(CLIENT_ID);
      if (id != null && !id.isEmpty() && id.length() <= MAX_ID) {
        return id;
      }
      SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      return address instanceof InetSocketAddress internet
          ? internet.getAddress().getHostAddress()
          : "unknown";
    }
  }
}
