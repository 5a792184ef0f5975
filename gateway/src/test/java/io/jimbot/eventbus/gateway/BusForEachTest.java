package io.jimbot.eventbus.gateway;

import io.grpc.ManagedChannel;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One Kafka for the tests of a class, and for each test topics of its own, a gateway and a
 * connection to it. To be registered as a static field.
 */
final class BusForEachTest
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private final String prefix;
  private final Map<String, Object> overrides;
  private final Map<String, String> broker;
  private final AtomicInteger tests = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // set before all tests
  private Path directory;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private TestKafka kafka;

  @SuppressWarnings("NullAway.Init") // set before each test
  private GatewaysUnderTest gateways;

  @SuppressWarnings("NullAway.Init") // set before each test
  private GatewayServer gateway;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ManagedChannel channel;

  /**
   * @param prefix of the names of topics; a number is put behind it
   */
  BusForEachTest(String prefix) {
    this(prefix, Map.of());
  }

  /** The same with settings of the gateways, by dotted key. */
  BusForEachTest(String prefix, Map<String, Object> overrides) {
    this(prefix, overrides, Map.of());
  }

  /** The same with settings of the broker, by Kafka's names. */
  BusForEachTest(String prefix, Map<String, Object> overrides, Map<String, String> broker) {
    this.prefix = prefix;
    this.overrides = overrides;
    this.broker = broker;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    directory = Files.createTempDirectory("eventbus-" + prefix);
    kafka = TestKafka.start(directory, broker);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    gateways =
        new GatewaysUnderTest(
            kafka.bootstrapServers(), prefix + tests.incrementAndGet(), overrides);
    gateway = gateways.start();
    channel = gateways.connect(gateway);
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    gateways.close();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    kafka.close();
    List<Path> all;
    try (Stream<Path> paths = Files.walk(directory)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** The broker of the class. */
  TestKafka kafka() {
    return kafka;
  }

  /** For further gateways and connections of the test. */
  GatewaysUnderTest gateways() {
    return gateways;
  }

  /** The gateway of the test. */
  GatewayServer gateway() {
    return gateway;
  }

  /** The connection to it. */
  ManagedChannel channel() {
    return channel;
  }

  /** How many tests of the class have begun: a part of names that no other test uses. */
  int number() {
    return tests.get();
  }
}
