package io.jimbot.eventbus.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The broker and the gateway that are measured: started here, or running already. */
public final class BusUnderTest implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final int OK = 200;
  private static final String HEAP = "-Xmx1g";

  private final @Nullable Started started;
  private final URI gateway;
  private final String grpcAddress;
  private final String bootstrapServers;

  /** What has to be stopped. */
  private record Started(Path directory, ChildJvm broker, ChildJvm gateway) {}

  private BusUnderTest(
      @Nullable Started started, URI gateway, String grpcAddress, String bootstrapServers) {
    this.started = started;
    this.gateway = gateway;
    this.grpcAddress = grpcAddress;
    this.bootstrapServers = bootstrapServers;
  }

  /** Takes those that run already; what their processes cost is not known then. */
  static BusUnderTest running(URI gateway, String bootstrapServers) throws IOException {
    return awaitReady(new BusUnderTest(null, gateway, "", bootstrapServers));
  }

  /** Starts both, each in a JVM of its own, with an empty data directory. */
  public static BusUnderTest start(List<String> gatewayJvmOptions) throws IOException {
    Path directory = Files.createTempDirectory("eventbus-bench");
    ChildJvm broker = ChildJvm.start(BrokerMain.class, List.of(HEAP), directory.toString());
    try {
      List<String> options = Stream.concat(Stream.of(HEAP), gatewayJvmOptions.stream()).toList();
      ChildJvm gateway = ChildJvm.start(GatewayMain.class, options, broker.address());
      String[] addresses = gateway.address().split(" ");
      return awaitReady(
          new BusUnderTest(
              new Started(directory, broker, gateway),
              URI.create(addresses[0]),
              addresses[1],
              broker.address()));
    } catch (IOException e) {
      broker.close();
      throw e;
    }
  }

  private static BusUnderTest awaitReady(BusUnderTest bus) throws IOException {
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    while (!bus.isReady()) {
      if (System.nanoTime() > deadline) {
        bus.close();
        throw new IOException("the gateway at " + bus.gateway + " is not ready");
      }
      pause();
    }
    return bus;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private boolean isReady() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) gateway.resolve("/ready").toURL().openConnection();
    try {
      return connection.getResponseCode() == OK;
    } finally {
      connection.disconnect();
    }
  }

  /** Where the gateway answers HTTP. */
  public URI gateway() {
    return gateway;
  }

  /** Where the gateway answers gRPC, {@code host:port}; empty if that is not known. */
  public String grpcAddress() {
    return grpcAddress;
  }

  /** Where the broker is. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  Optional<ProcessHandle> gatewayProcess() {
    return Optional.ofNullable(started).map(s -> s.gateway().handle());
  }

  /** What the gateway's process has in memory, in bytes; -1 where the system does not tell. */
  public long gatewayResidentBytes() throws IOException {
    Path status =
        Path.of(
            "/proc", gatewayProcess().map(p -> Long.toString(p.pid())).orElse("none"), "status");
    if (!Files.isReadable(status)) {
      return -1;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(-1);
  }

  Optional<ProcessHandle> brokerProcess() {
    return Optional.ofNullable(started).map(s -> s.broker().handle());
  }

  /** Stops what was started here, and deletes its data. */
  @Override
  public void close() throws IOException {
    if (started == null) {
      return;
    }
    started.gateway().close();
    started.broker().close();
    try (Stream<Path> files = Files.walk(started.directory())) {
      files.sorted(Comparator.reverseOrder()).forEach(BusUnderTest::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
