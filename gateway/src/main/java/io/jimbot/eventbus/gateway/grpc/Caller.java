package io.jimbot.eventbus.gateway.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.jimbot.eventbus.gateway.grpc.Refusals.Violation;
import io.jimbot.eventbus.gateway.ingest.ClientIds;
import io.jimbot.eventbus.gateway.telemetry.TraceParent;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
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

  /** The caller of the call that this thread serves. */
  static Caller current() {
    Caller caller = KEY.get();
    return caller == null ? new Caller("unknown", null) : caller;
  }

  /** Makes {@link #current} known to all services; a caller whose name is not good is refused. */
  record Interceptor(Refusals refusals) implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String id = headers.get(CLIENT_ID);
      if (id != null && !ClientIds.isGood(id)) {
        return refuse(call);
      }
      String producer = id == null ? address(call) : id;
      Caller caller = new Caller(producer, TraceParent.orNull(headers.get(TRACEPARENT)));
      return Contexts.interceptCall(Context.current().withValue(KEY, caller), call, headers, next);
    }

    private <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call) {
      StatusRuntimeException refusal =
          refusals.invalid(List.of(new Violation(CLIENT_ID.name(), ClientIds.RULE)));
      Metadata trailers = refusal.getTrailers();
      call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }

    private static String address(ServerCall<?, ?> call) {
      SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      return address instanceof InetSocketAddress internet
          ? internet.getAddress().getHostAddress()
          : "unknown";
    }
  }
}
