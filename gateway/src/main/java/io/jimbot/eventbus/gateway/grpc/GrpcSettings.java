package io.jimbot.eventbus.gateway.grpc;

import io.jimbot.eventbus.gateway.settings.Setting;

/**
 * The gRPC server.
 *
 * @param bindHost the address to listen on; {@code 0.0.0.0} is all
 * @param port the port, 1 to 65535; 0 takes a free one
 */
public record GrpcSettings(String bindHost, int port) {

  private static final int MAX_PORT = 65_535;

  /** Checks the values. */
  public GrpcSettings {
    if (bindHost == null || bindHost.isBlank()) {
      throw new IllegalArgumentException("grpc.bindHost must be given, for example 127.0.0.1");
    }
    Setting.between("grpc.port", port, 0, MAX_PORT);
  }
}
