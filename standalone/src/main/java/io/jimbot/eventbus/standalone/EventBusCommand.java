package io.jimbot.eventbus.standalone;

import io.jimbot.eventbus.cli.ClientCommands;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The top of the command line: what there is, the version, and how a failure is told. */
@Command(
    name = "eventbus",
    description = "JimBot Event Bus: events over HTTP and gRPC, kept in Kafka.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = EventBusCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class EventBusCommand {

  @Option(
      names = "--verbose",
      description = "On a failure, print where in the program it was.",
      scope = ScopeType.INHERIT)
  private boolean verbose;

  /** The whole command line, around a gateway of the caller's. */
  static CommandLine commandLine(GatewayStarter gateways) {
    EventBusCommand top = new EventBusCommand();
    CommandLine commandLine = new CommandLine(top);
    commandLine.addSubcommand(new StandaloneCommand(gateways));
    commandLine.addSubcommand(new GatewayCommand(gateways));
    commandLine.addSubcommand(new ProcessorCommand());
    ClientCommands.addTo(commandLine);
    commandLine.setUsageHelpWidth(100);
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (top.verbose) {
            failure.printStackTrace(command.getErr());
          }
          String message = failure.getMessage();
          command.getErr().println("eventbus: " + (message == null ? failure : message));
          return CommandLine.ExitCode.SOFTWARE;
        });
    return commandLine;
  }

  /** The version that the jar was built as. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Version.class.getPackage().getImplementationVersion();
      return new String[] {"eventbus " + (version == null ? "(not packaged)" : version)};
    }
  }
}
