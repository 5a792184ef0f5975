package io.jimbot.eventbus.service.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceProgramTest {

  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicReference<Path> started = new AtomicReference<>();

  private int run(String... arguments) {
    ServiceStarter starter =
        config -> {
          started.set(config);
          throw new IllegalStateException("the port is taken");
        };
    return new ServiceProgram("bus", starter, new PrintStream(out), new PrintStream(err))
        .run(arguments);
  }

  @Test
  void aServiceThatDoesNotStartIsToldInOneLineAndTheExitCodeIs1() {
    assertThat(run()).isEqualTo(1);
    assertThat(err.toString(UTF_8)).isEqualTo("bus: not started: the port is taken\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--config %s", "--config=%s"})
  void theConfigurationIsHandedOn(String line) throws Exception {
    Path file = Files.writeString(directory.resolve("my.yml"), "");

    run(line.formatted(file).split(" "));

    assertThat(started.get()).isEqualTo(file);
  }

  @Test
  void aConfigurationThatIsNotThereIsNotUnderstood() {
    Path absent = directory.resolve("absent.yml");

    assertThat(run("--config", absent.toString())).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("no file that can be read at " + absent);
    assertThat(started.get()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--config", "--port=1", "server"})
  void whatIsNotKnownIsToldWithTheUsageAndTheExitCodeIs2(String argument) {
    assertThat(run(argument)).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains(argument).contains("Usage: bus");
  }

  @Test
  void helpAndVersionStartNothing() {
    assertThat(run("--help")).isZero();
    assertThat(run("--version", "--config")).isZero();
    assertThat(out.toString(UTF_8)).contains("Usage: bus").containsPattern("bus [0-9]+\\.");
    assertThat(started.get()).isNull();
  }
}
