package io.jimbot.eventbus.cli;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** Where the bus answers gRPC, as the flags say. */
final class GrpcAddress {

  /** Events may be large: as much as the gateway lets in, and something around it. */
  private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

  private static final int KEEPALIVE_SECONDS = 30;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:50051",
      description = "The bus's gRPC address. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String server;

  @Option(names = "--tls", description = "Speak TLS, and check the server's certificate.")
  private boolean tls;

  /** A channel; whoever calls closes it. Connects when it is used. */
  OpenChannel open() throws IOException {
    return new OpenChannel(
        Grpc.newChannelBuilder(
                server, tls ? TlsChannelCredentials.create() : InsecureChannelCredentials.create())
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .build());
  }

  @Override
  public String toString() {
    return server;
  }

  /**
   * A channel that try-with-resources can close.
   *
   * @param channel the channel
   */
  record OpenChannel(ManagedChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
