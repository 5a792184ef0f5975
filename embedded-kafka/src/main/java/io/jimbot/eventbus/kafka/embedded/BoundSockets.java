package io.jimbot.eventbus.kafka.embedded;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two listening sockets, bound before the configuration is made: so a port of 0 is a known
 * number by then, nobody can take it in between, and a taken port fails before anything is touched.
 * Kafka asks for them by the listener's name and closes them when it stops; this class closes them
 * when Kafka never got that far. Used by the thread that starts the broker, then by Kafka's.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {

  /** The listener for clients. */
  static final String BROKER_LISTENER = "PLAINTEXT";

  /** The listener of the controller, on the loopback address and any port. */
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private static final Logger LOG = LoggerFactory.getLogger(BoundSockets.class);
  private static final String LOOPBACK = "127.0.0.1";
  private static final int BACKLOG = 128;

  private final ServerSocketChannel broker;
  private final ServerSocketChannel controller;

  private BoundSockets(ServerSocketChannel broker, ServerSocketChannel controller) {
    this.broker = broker;
    this.controller = controller;
  }

  /**
   * Binds both.
   *
   * @param port 0 for any free one
   * @throws EmbeddedKafkaException if one of them cannot be bound; none is then
   */
  static BoundSockets bind(String host, int port) {
    ServerSocketChannel broker = listen(host, port);
    try {
      return new BoundSockets(broker, listen(LOOPBACK, 0));
    } catch (EmbeddedKafkaException e) {
      close(broker);
      throw e;
    }
  }

  /** The port that clients connect to. */
  int brokerPort() {
    return portOf(broker);
  }

  /** The port of the controller. */
  int controllerPort() {
    return portOf(controller);
  }

  /** Whether clients can connect to every address of this machine. */
  boolean listensEverywhere() {
    return broker.socket().getInetAddress().isAnyLocalAddress();
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBufferSize)
      throws IOException {
    return switch (listener) {
      case BROKER_LISTENER -> broker;
      case CONTROLLER_LISTENER -> controller;
      default -> INSTANCE.openServerSocket(listener, address, backlog, receiveBufferSize);
    };
  }

  @Override
  public void close() {
    close(broker);
    close(controller);
  }

  private static ServerSocketChannel listen(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new EmbeddedKafkaException(
          Reason.ADDRESS, "Kafka's host " + host + " cannot be resolved", null);
    }
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        channel.socket().setReuseAddress(true);
        channel.bind(address, BACKLOG);
        channel.configureBlocking(false);
        return channel;
      } catch (IOException e) {
        close(channel);
        throw e;
      }
    } catch (IOException e) {
      throw new EmbeddedKafkaException(
          Reason.ADDRESS,
          "Kafka cannot listen on port %d of %s: %s. Stop what uses the port, or choose another one (0 takes any that is free)"
              .formatted(port, host, e.getMessage()),
          e);
    }
  }

  private static int portOf(ServerSocketChannel channel) {
    try {
      return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(ServerSocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("A listening socket did not close", e);
    }
  }
}
