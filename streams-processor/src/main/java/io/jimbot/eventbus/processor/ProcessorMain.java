package io.jimbot.eventbus.processor;

import io.jimbot.eventbus.service.process.Foreground;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processor's own entry: {@code --config FILE}, or nothing for the defaults. Exit codes: 0
 * ended as asked, 1 failed, 2 not a valid command line.
 */
public final class ProcessorMain {

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private ProcessorMain() {}

  /** Runs until the process is asked to end, and ends it with the exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    Path config = null;
    if (arguments.length == 2 && arguments[0].equals("--config")) {
      config = Path.of(arguments[1]);
    } else if (arguments.length != 0) {
      System.err.println("usage: processor [--config FILE]");
      return USAGE;
    }
    return run(config);
  }

  private static int run(@Nullable Path config) {
    try {
      ProcessorConfiguration configuration = ProcessorConfiguration.load(config, Map.of());
      return new Foreground().run(() -> ProcessorProgram.start(configuration));
    } catch (Exception e) {
      System.err.println("processor: " + (e.getMessage() == null ? e : e.getMessage()));
      return FAILED;
    }
  }
}
