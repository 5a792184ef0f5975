package io.jimbot.eventbus.standalone;

import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.processor.ProcessorProgram;
import io.jimbot.eventbus.service.process.Foreground;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eventbus processor}: a processor on a Kafka that runs elsewhere. */
@Command(name = "processor", description = "Runs a processor on an existing Kafka.")
final class ProcessorCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      converter = ConfigFile.class,
      description = "The processor's YAML (default: the environment and the defaults).")
  private @Nullable Path config;

  @Override
  public Integer call() throws Exception {
    return new Foreground().run(this::start);
  }

  private ProcessorProgram start() {
    try {
      ProcessorProgram processor =
          ProcessorProgram.start(ProcessorConfiguration.load(config, Map.of()));
      spec.commandLine()
          .getOut()
          .printf("The processor serves HTTP on port %d. Ctrl-C stops it.%n", processor.httpPort());
      return processor;
    } catch (Exception e) {
      throw StartException.ofProcessor("http.port", e);
    }
  }
}
