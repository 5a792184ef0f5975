package io.jimbot.eventbus.standalone;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaException;
import java.net.BindException;
import org.jspecify.annotations.Nullable;

/** A part did not start. The message names the flag, or the part, and is complete for a person. */
public final class StartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private StartException(String message, Throwable cause) {
    super(message, cause);
  }

  static StartException ofKafka(EmbeddedKafkaException cause) {
    String message = cause.getMessage();
    return switch (cause.reason()) {
      case ADDRESS -> new StartException("--kafka-port: " + message, cause);
      case DATA_DIRECTORY -> new StartException("--data-dir: " + message, cause);
      case BROKER -> new StartException(String.valueOf(message), cause);
    };
  }

  static StartException ofGateway(GatewayOptions options, Exception cause) {
    if (!causedByBinding(cause)) {
      return new StartException("The gateway did not start: " + text(cause), cause);
    }
    return new StartException(
        "the gateway cannot listen (HTTP port %s, gRPC port %s): %s. Stop what uses the port, or choose another one with --http-port or --grpc-port (0 takes any that is free)"
            .formatted(wanted(options.httpPort()), wanted(options.grpcPort()), text(cause)),
        cause);
  }

  static StartException ofProcessor(String portSetting, Exception cause) {
    if (!causedByBinding(cause)) {
      return new StartException("The processor did not start: " + text(cause), cause);
    }
    return new StartException(
        "the processor cannot listen: %s. Stop what uses the port, or choose another one with %s (0 takes any that is free)"
            .formatted(text(cause), portSetting),
        cause);
  }

  private static String wanted(@Nullable Integer port) {
    return port == null ? "as configured" : port.toString();
  }

  private static boolean causedByBinding(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  private static String text(Exception cause) {
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }
}
