package io.jimbot.eventbus.standalone;

/** The program's entry. Exit codes: 0 ended as asked, 1 failed, 2 not a valid command line. */
public final class Main {

  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(EventBusCommand.commandLine(new GatewayServerStarter()).execute(arguments));
  }
}
