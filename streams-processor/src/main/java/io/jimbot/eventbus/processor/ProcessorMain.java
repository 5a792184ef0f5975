package io.jimbot.eventbus.processor;

import io.jimbot.eventbus.service.process.ServiceProgram;
import java.util.Map;

/** The processor's own program, as it runs in a container: {@code --config FILE}. */
public final class ProcessorMain {

  private ProcessorMain() {}

  /** Runs a processor until SIGTERM, and ends the process with its exit code. */
  public static void main(String[] arguments) {
    ServiceProgram program =
        new ServiceProgram(
            "eventbus-processor",
            config -> ProcessorProgram.start(ProcessorConfiguration.load(config, Map.of())));
    System.exit(program.run(arguments));
  }
}
