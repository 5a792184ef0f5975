package io.jimbot.eventbus.cli;

import picocli.CommandLine;

/** Adds the clients to a command line. */
public final class ClientCommands {
  private ClientCommands() {}

  /**
   * Adds {@code publish}, {@code tail}, {@code subscribe}, {@code topics}, {@code replay}, {@code
   * schema} and {@code dead-letters}.
   */
  public static void addTo(CommandLine commandLine) {
    commandLine
        .addSubcommand(new PublishCommand())
        .addSubcommand(new TailCommand())
        .addSubcommand(new SubscribeCommand())
        .addSubcommand(new TopicsCommand())
        .addSubcommand(new ReplayCommand())
        .addSubcommand(new SchemaCommand())
        .addSubcommand(new DeadLettersCommand());
  }
}
