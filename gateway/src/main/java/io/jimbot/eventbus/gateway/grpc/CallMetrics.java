package io.jimbot.eventbus.gateway.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.jimbot.eventbus.gateway.telemetry.GrpcMetrics;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts every call once when it ends, however it does. */
final class CallMetrics implements ServerInterceptor {

  private final GrpcMetrics metrics;

  CallMetrics(GrpcMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    MethodDescriptor<Q, A> method = call.getMethodDescriptor();
    boolean unary = method.getType() == MethodDescriptor.MethodType.UNARY;
    String name = String.valueOf(method.getBareMethodName());
    long startNanos = System.nanoTime();
    AtomicBoolean counted = new AtomicBoolean();
    if (!unary) {
      metrics.streamBegan();
    }
    java.util.function.Consumer<Status> ended =
        status -> {
          if (counted.compareAndSet(false, true)) {
            String code = status.getCode().name();
            if (unary) {
              metrics.unaryEnded(name, code, System.nanoTime() - startNanos);
            } else {
              metrics.streamEnded(name, code);
            }
          }
        };
    ServerCall<Q, A> observed =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            ended.accept(status);
            super.close(status, trailers);
          }
        };
    return new io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener<>(
        next.startCall(observed, headers)) {
      @Override
      public void onCancel() {
        ended.accept(Status.CANCELLED);
        super.onCancel();
      }
    };
  }
}
