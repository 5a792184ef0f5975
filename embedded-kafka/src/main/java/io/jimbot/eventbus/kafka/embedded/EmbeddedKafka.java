package io.jimbot.eventbus.kafka.embedded;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running single-node Kafka in this JVM: a real broker on a real socket, for any client. Topics,
 * records and offsets stay in the data directory, over a clean stop as over a kill; what was
 * acknowledged is in the operating system's hands then, so it outlives the process, and outlives a
 * loss of power as far as the system had written it out.
 *
 * <p>Thread-safe. Whoever starts it closes it. Several may run in one JVM, each in its own
 * directory. While one runs, it answers for Kafka's requests to end the JVM, which are refused and
 * reported as fatal faults.
 */
public final class EmbeddedKafka implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final long LONGEST_STOP_SECONDS = 30;

  private final String bootstrapServers;
  private final int port;
  private final KraftServer server;
  private final DataDirectory directory;
  private final FatalFaults faults;
  private final Thread stopper;

  private EmbeddedKafka(
      String bootstrapServers,
      int port,
      KraftServer server,
      DataDirectory directory,
      FatalFaults faults) {
    this.bootstrapServers = bootstrapServers;
    this.port = port;
    this.server = server;
    this.directory = directory;
    this.faults = faults;
    stopper = new Thread(this::stop, "embedded-kafka-stop");
    stopper.setDaemon(true);
  }

  /**
   * Starts a broker and returns when it serves clients: about a second in a warm JVM, up to three
   * more after a kill, plus the time to read what a kill left unflushed.
   *
   * @throws EmbeddedKafkaException if it does not start: the port is taken, the directory is in
   *     use, or Kafka refuses; nothing is left running or locked then
   */
  public static EmbeddedKafka start(EmbeddedKafkaSettings settings) {
    long started = System.nanoTime();
    BoundSockets sockets = BoundSockets.bind(settings.host(), settings.port());
    try {
      DataDirectory directory = DataDirectory.take(settings.dataDirectory());
      try {
        EmbeddedKafka kafka = start(settings, sockets, directory);
        LOG.info(
            "Kafka serves {} from {}, started in {} ms",
            kafka.bootstrapServers,
            directory.path(),
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
        return kafka;
      } catch (EmbeddedKafkaException e) {
        directory.close();
        throw e;
      }
    } catch (EmbeddedKafkaException e) {
      sockets.close();
      throw e;
    }
  }

  /** What a client on this machine needs as {@code bootstrap.servers}: {@code host:port}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** The port that it listens on, the real one where the settings said 0. */
  public int port() {
    return port;
  }

  /**
   * Stops serving, flushes and lets go of port and directory; the data stays. Returns when that is
   * done, usually within half a second, or after 30 s at the latest, with the rest going on behind.
   * Callable twice and from several threads; all wait for the same stop. An interrupt ends the wait
   * and stays set.
   */
  @Override
  public void close() {
    synchronized (stopper) {
      if (stopper.getState() == Thread.State.NEW) {
        faults.silence();
        stopper.start();
      }
    }
    try {
      stopper.join(TimeUnit.SECONDS.toMillis(LONGEST_STOP_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (stopper.isAlive()) {
      LOG.warn("Kafka at {} is still stopping; not waiting any longer", bootstrapServers);
    }
  }

  private static EmbeddedKafka start(
      EmbeddedKafkaSettings settings, BoundSockets sockets, DataDirectory directory) {
    StorageFormat.formatIfNew(directory.path());
    FatalFaults faults = new FatalFaults(settings.onFatalFault());
    String bootstrapServers = ServerProperties.clientAddress(settings, sockets);
    int port = sockets.brokerPort();
    ExitInterception.add(faults);
    try {
      KraftServer server =
          KraftServer.start(ServerProperties.of(settings, sockets), sockets, faults);
      return new EmbeddedKafka(bootstrapServers, port, server, directory, faults);
    } catch (EmbeddedKafkaException e) {
      ExitInterception.remove(faults);
      throw e;
    }
  }

  private void stop() {
    server.stop();
    ExitInterception.remove(faults);
    directory.close();
  }
}
