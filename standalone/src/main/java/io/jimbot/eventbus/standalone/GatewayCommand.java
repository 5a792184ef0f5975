package io.jimbot.eventbus.standalone;

import io.jimbot.eventbus.service.process.Foreground;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eventbus gateway}: a gateway in front of a Kafka that runs elsewhere. */
@Command(name = "gateway", description = "Runs a gateway in front of an existing Kafka.")
final class GatewayCommand implements Callable<Integer> {

  private final GatewayStarter gateways;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      converter = ConfigFile.class,
      description = "The gateway's YAML.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path config;

  GatewayCommand(GatewayStarter gateways) {
    this.gateways = gateways;
  }

  @Override
  public Integer call() throws Exception {
    return new Foreground().run(this::start);
  }

  private RunningGateway start() {
    GatewayOptions options = new GatewayOptions(config, null, null, null);
    try {
      RunningGateway gateway = gateways.start(options);
      spec.commandLine()
          .getOut()
          .printf(
              "The gateway serves HTTP on port %d and gRPC on port %d. Ctrl-C stops it.%n",
              gateway.httpPort(), gateway.grpcPort());
      return gateway;
    } catch (Exception e) {
      throw StartException.ofGateway(options, e);
    }
  }
}
