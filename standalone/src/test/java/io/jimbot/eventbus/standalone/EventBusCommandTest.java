package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class EventBusCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine commandLine =
      EventBusCommand.commandLine(
              options -> {
                throw new AssertionError("nothing is started here");
              })
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true));

  @Test
  void help_tells_of_both_commands() {
    assertThat(commandLine.execute("--help")).isZero();
    assertThat(out.toString()).contains("standalone").contains("gateway");
  }

  @Test
  void the_standalone_help_tells_every_flag_with_its_default() {
    assertThat(commandLine.execute("standalone", "--help")).isZero();
    assertThat(out.toString())
        .contains("--http-port", "--grpc-port", "--kafka-port", "--data-dir", "--config")
        .contains("8080", "50051", "9092", "(default: data)");
  }

  @Test
  void no_command_is_a_usage_error() {
    assertThat(commandLine.execute()).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required subcommand");
  }

  @Test
  void a_port_out_of_range_is_a_usage_error_that_names_the_flag() {
    assertThat(commandLine.execute("standalone", "--http-port=70000")).isEqualTo(2);
    assertThat(err.toString()).contains("--http-port").contains("'70000' is not a port");
  }

  @Test
  void a_configuration_that_is_not_there_is_a_usage_error_that_names_the_flag() {
    assertThat(commandLine.execute("gateway", "--config=absent.yml")).isEqualTo(2);
    assertThat(err.toString()).contains("--config").contains("absent.yml");
  }

  @Test
  void a_gateway_without_configuration_is_a_usage_error() {
    assertThat(commandLine.execute("gateway")).isEqualTo(2);
    assertThat(err.toString()).contains("--config");
  }
}
