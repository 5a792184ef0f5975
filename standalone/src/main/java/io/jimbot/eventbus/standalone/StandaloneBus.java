package io.jimbot.eventbus.standalone;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaException;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import io.jimbot.eventbus.processor.ProcessorServer;
import io.jimbot.eventbus.service.process.Foreground;
import io.jimbot.eventbus.service.process.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The whole bus in this JVM: Kafka, then the gateway in front of it, then the processor behind it;
 * stopped so that what the gateway has taken in still reaches Kafka. Events are taken in whether
 * the processor has come up or not. Whoever starts it closes it; thread-safe. No signal and no
 * shutdown hook is touched: those are {@link Foreground}'s.
 */
public final class StandaloneBus implements Service {

  /** From the broker's start to the first event that the gateway would take. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final EmbeddedKafka kafka;
  private final RunningGateway gateway;
  private final ProcessorServer processor;
  private final Path dataDirectory;

  private StandaloneBus(
      EmbeddedKafka kafka, RunningGateway gateway, ProcessorServer processor, Path dataDirectory) {
    this.kafka = kafka;
    this.gateway = gateway;
    this.processor = processor;
    this.dataDirectory = dataDirectory;
  }

  /**
   * Starts everything and returns when events are taken in.
   *
   * @param onFatalFault told, once and on a thread of its own, that the broker cannot go on; it may
   *     close the bus
   * @throws StartException if a part does not start; nothing is left running then
   */
  public static StandaloneBus start(
      StandaloneSettings settings, Consumer<? super Throwable> onFatalFault) {
    return start(settings, new GatewayServerStarter(), onFatalFault);
  }

  static StandaloneBus start(
      StandaloneSettings settings,
      GatewayStarter gateways,
      Consumer<? super Throwable> onFatalFault) {
    EmbeddedKafka kafka = startKafka(settings, onFatalFault);
    GatewayOptions options =
        new GatewayOptions(
            settings.gatewayConfig(),
            settings.httpPort(),
            settings.grpcPort(),
            kafka.bootstrapServers());
    try {
      RunningGateway gateway = startGateway(gateways, options);
      try {
        ProcessorServer processor = InProcessProcessor.start(settings, kafka.bootstrapServers());
        return new StandaloneBus(kafka, gateway, processor, settings.dataDirectory());
      } catch (StartException e) {
        gateway.close();
        throw e;
      }
    } catch (StartException e) {
      kafka.close();
      throw e;
    }
  }

  private static RunningGateway startGateway(GatewayStarter gateways, GatewayOptions options) {
    try {
      return ready(gateways.start(options));
    } catch (Exception e) {
      throw StartException.ofGateway(options, e);
    }
  }

  private static RunningGateway ready(RunningGateway gateway) throws InterruptedException {
    if (!gateway.awaitReady(LONGEST_WAIT)) {
      gateway.close();
      throw new IllegalStateException(
          "the gateway takes no events after " + LONGEST_WAIT.toSeconds() + " s; its log says why");
    }
    return gateway;
  }

  /** The port of the gateway's HTTP. */
  public int httpPort() {
    return gateway.httpPort();
  }

  /** The port of the gateway's gRPC. */
  public int grpcPort() {
    return gateway.grpcPort();
  }

  /** The processor behind the gateway. */
  public ProcessorServer processor() {
    return processor;
  }

  /** Where Kafka's clients find it, {@code host:port}. */
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Where everything that is kept lies, absolute. */
  public Path dataDirectory() {
    return dataDirectory;
  }

  /**
   * Stops the gateway, which lets finish what was begun, then the processor, then Kafka. Bounded;
   * callable twice.
   */
  @Override
  public void close() {
    try (kafka;
        processor) {
      gateway.close();
    }
  }

  private static EmbeddedKafka startKafka(
      StandaloneSettings settings, Consumer<? super Throwable> onFatalFault) {
    try {
      return EmbeddedKafka.start(
          EmbeddedKafkaSettings.in(settings.kafkaDirectory())
              .withPort(settings.kafkaPort())
              .withOnFatalFault(onFatalFault));
    } catch (EmbeddedKafkaException e) {
      throw StartException.ofKafka(e);
    }
  }
}
