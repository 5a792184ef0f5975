package io.jimbot.eventbus.standalone;

import io.jimbot.eventbus.service.process.Foreground;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eventbus standalone}: the whole bus in this JVM. */
@Command(
    name = "standalone",
    description = "Runs Kafka, the gateway and the processor in one process. Needs nothing else.")
final class StandaloneCommand implements Callable<Integer> {

  private final GatewayStarter gateways;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = Port.class,
      description = "HTTP, 0 for any free port (default: what --config says, else 8080).")
  private @Nullable Integer httpPort;

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      converter = Port.class,
      description = "gRPC, 0 for any free port (default: what --config says, else 50051).")
  private @Nullable Integer grpcPort;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      converter = Port.class,
      defaultValue = "9092",
      description = "Kafka, 0 for any free port (default: ${DEFAULT-VALUE}).")
  private int kafkaPort;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Where events are kept; created when absent (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path dataDirectory;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      converter = ConfigFile.class,
      description = "The gateway's YAML; the flags go before it.")
  private @Nullable Path config;

  @Option(
      names = "--processor-port",
      paramLabel = "PORT",
      converter = Port.class,
      description = "HTTP of the processor, 0 for any free port (default: not served).")
  private @Nullable Integer processorPort;

  @Option(
      names = "--processor-config",
      paramLabel = "FILE",
      converter = ConfigFile.class,
      description = "The processor's YAML.")
  private @Nullable Path processorConfig;

  StandaloneCommand(GatewayStarter gateways) {
    this.gateways = gateways;
  }

  @Override
  public Integer call() throws Exception {
    StandaloneSettings settings =
        new StandaloneSettings(
            httpPort, grpcPort, kafkaPort, dataDirectory, config, processorPort, processorConfig);
    Foreground foreground = new Foreground();
    return foreground.run(
        () -> {
          StandaloneBus bus = StandaloneBus.start(settings, gateways, foreground::fail);
          spec.commandLine().getOut().println(Banner.of(bus));
          return bus;
        });
  }
}
