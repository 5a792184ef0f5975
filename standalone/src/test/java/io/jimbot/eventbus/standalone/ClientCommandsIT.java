package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.jimbot.events.v1.Event;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The clients of the command line against the whole bus. */
@Timeout(120)
class ClientCommandsIT {

  @TempDir private static Path directory;
  private static StandaloneBus bus;

  @BeforeAll
  static void start_bus() {
    bus =
        StandaloneBus.start(
            new StandaloneSettings(0, 0, 0, directory.resolve("data"), null, null, null),
            fault -> {});
  }

  @AfterAll
  static void stop_bus() {
    bus.close();
  }

  /**
   * What a command did.
   *
   * @param exitCode its exit code
   * @param out what it printed
   * @param err what it complained of
   */
  private record Ran(int exitCode, String out, String err) {}

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        EventBusCommand.commandLine(StubGateway::start)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return new Ran(commandLine.execute(arguments), out.toString(), err.toString());
  }

  private static String http() {
    return "--http=http://127.0.0.1:" + bus.httpPort();
  }

  private static String server() {
    return "--server=127.0.0.1:" + bus.grpcPort();
  }

  @Test
  void what_is_published_comes_out_of_tail_and_of_a_group_as_it_went_in() throws Exception {
    List<String> events =
        List.of(
            "{\"type\":\"ONE\",\"game_id\":\"g\",\"payload\":{\"a\":1}}",
            "{\"type\":\"TWO\",\"game_id\":\"g\",\"payload\":{\"b\":[1,2]}}");
    Path file = Files.write(directory.resolve("events.ndjson"), events);
    assertThat(run("publish", http(), "--file", file.toString()).exitCode()).isZero();

    Ran tail = run("tail", server(), "--from=earliest", "--count=2", "custom.*");
    assertThat(tail.out().lines()).containsExactlyElementsOf(events);
    Ran group =
        run("subscribe", server(), "--from=earliest", "--group=cli", "--count=2", "custom.*");
    assertThat(group.out().lines()).containsExactlyElementsOf(events);
  }

  @Test
  void a_queue_gives_each_event_to_one_of_its_workers() {
    assertThat(run("publish", http(), "{\"type\":\"JOB\",\"game_id\":\"j1\"}").exitCode()).isZero();
    assertThat(run("publish", http(), "{\"type\":\"JOB\",\"game_id\":\"j2\"}").exitCode()).isZero();
    String[] worker = {
      "subscribe", server(), "--from=earliest", "--queue=workers", "--count=1", "custom.job"
    };

    assertThat(List.of(run(worker).out().strip(), run(worker).out().strip()))
        .containsExactlyInAnyOrder(
            "{\"type\":\"JOB\",\"game_id\":\"j1\"}", "{\"type\":\"JOB\",\"game_id\":\"j2\"}");
  }

  @Test
  void what_is_published_with_a_time_comes_at_that_time_and_not_once_it_has_expired() {
    Instant due = Instant.now().plusSeconds(2);
    String late = "{\"type\":\"LATE\",\"game_id\":\"t\"}";
    String lasting = "{\"type\":\"LASTING\",\"game_id\":\"t\"}";
    String brief = "{\"type\":\"BRIEF\",\"game_id\":\"t\"}";
    assertThat(run("publish", http(), "--deliver-at=" + due, late).exitCode()).isZero();
    assertThat(run("publish", http(), "--ttl=1ms", brief).exitCode()).isZero();
    assertThat(run("publish", http(), "--ttl=1h", lasting).exitCode()).isZero();

    Ran tail = run("tail", server(), "--from=earliest", "--game=t", "--count=2");

    assertThat(tail.out().lines()).containsExactly(lasting, late);
    assertThat(Instant.now()).isAfterOrEqualTo(due);
    Ran refused = run("publish", http(), "--ttl=soon", brief);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).contains("bad_header");
  }

  @Test
  void what_if_tells_of_how_many_events_a_schema_would_lose_something() throws Exception {
    assertThat(run("publish", http(), "{\"type\":\"WHAT_IF\",\"source\":\"me\"}").exitCode())
        .isZero();
    Path present = directory.resolve("present.binpb");
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    addWithImports(Event.getDescriptor().getFile(), set);
    Files.write(present, set.build().toByteArray());
    set.getFileBuilderList().stream()
        .filter(file -> file.getName().endsWith("/event.proto"))
        .flatMap(file -> file.getMessageTypeBuilderList().stream())
        .filter(message -> message.getName().equals("Event"))
        .flatMap(message -> message.getFieldBuilderList().stream())
        .filter(field -> field.getName().equals("source"))
        .forEach(field -> field.setType(FieldDescriptorProto.Type.TYPE_INT32));
    Path numbers = directory.resolve("numbers.binpb");
    Files.write(numbers, set.build().toByteArray());

    Ran same = run("schema", "what-if", present.toString(), server());
    Ran lossy = run("schema", "what-if", numbers.toString(), server());

    assertThat(same.out()).contains("0 would not be read, 0 would lose something.");
    assertThat(same.exitCode()).isZero();
    assertThat(lossy.exitCode()).isEqualTo(1);
    assertThat(lossy.out())
        .contains("1 × source: is not read as int32", "event_type: \"WHAT_IF\"")
        .contains("0 would not be read, 1 would lose something.");
  }

  private static void addWithImports(FileDescriptor file, FileDescriptorSet.Builder set) {
    file.getDependencies().forEach(dependency -> addWithImports(dependency, set));
    if (set.getFileList().stream().noneMatch(f -> f.getName().equals(file.getName()))) {
      set.addFile(file.toProto());
    }
  }

  @Test
  void topics_lists_what_a_pattern_matches() {
    Ran topics = run("topics", server(), "game.money.*");

    assertThat(topics.out()).startsWith("game.money.changed").contains("MONEY_CHANGED");
  }

  @Test
  void a_pattern_that_makes_no_sense_is_told_with_its_place() {
    Ran tail = run("tail", server(), "a..b");

    assertThat(tail.exitCode()).isEqualTo(1);
    assertThat(tail.err()).contains("subscription.topics[0]");
  }

  @Test
  void an_event_that_is_refused_makes_publish_fail() {
    Ran publish = run("publish", http(), "{\"payload\":{}}");

    assertThat(publish.exitCode()).isEqualTo(1);
    assertThat(publish.out()).contains("\"status\":\"error\"");
  }
}
