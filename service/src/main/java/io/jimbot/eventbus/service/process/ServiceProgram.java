package io.jimbot.eventbus.service.process;

import ch.qos.logback.classic.Level;
import io.dropwizard.logging.common.BootstrapLogging;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * The program around one service: {@code --config FILE}, {@code --version}, {@code --help}. For one
 * run, on the main thread, which starts the service, waits, and stops it.
 */
public final class ServiceProgram {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int NOT_UNDERSTOOD = 2;

  private final String name;
  private final ServiceStarter starter;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * A program that prints to the process's own outputs.
   *
   * @param name what it is called where it speaks of itself
   * @param starter starts the service
   */
  public ServiceProgram(String name, ServiceStarter starter) {
    this(name, starter, System.out, System.err);
  }

  ServiceProgram(String name, ServiceStarter starter, PrintStream out, PrintStream err) {
    this.name = name;
    this.starter = starter;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs until the process is asked to end.
   *
   * @return the exit code: 0 ended as asked, 1 failed, 2 not a valid command line
   */
  public int run(String... arguments) {
    ServiceArguments asked = ServiceArguments.of(arguments);
    if (asked instanceof ServiceArguments.Run run) {
      return serve(run);
    }
    if (asked instanceof ServiceArguments.Invalid invalid) {
      err.println(name + ": " + invalid.message());
      err.print(usage());
      return NOT_UNDERSTOOD;
    }
    out.print(
        asked instanceof ServiceArguments.Version
            ? name + " " + ProductVersion.read() + "\n"
            : usage());
    return DONE;
  }

  private int serve(ServiceArguments.Run run) {
    // Until the service has read its settings; logging's own default tells everything.
    BootstrapLogging.bootstrap(Level.WARN);
    try {
      return new Foreground().run(() -> starter.start(run.config()));
    } catch (Exception e) {
      @Nullable String message = e.getMessage();
      err.println(name + ": not started: " + (message == null ? e : message.strip()));
      return FAILED;
    }
  }

  private String usage() {
    return """
        Usage: %s [--config FILE]
          --config FILE  YAML with the settings that differ from the defaults
          --version      prints the version
          --help         prints this
        """
        .formatted(name);
  }
}
