package io.jimbot.eventbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.jimbot.events.v1.CardsProto;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class SchemaCheckCommandTest {

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Command(name = "top")
  private static final class Top {}

  private int run(Object... arguments) {
    CommandLine commandLine = new CommandLine(new Top());
    ClientCommands.addTo(commandLine);
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    String[] words = new String[arguments.length + 2];
    words[0] = "schema";
    words[1] = "check";
    for (int i = 0; i < arguments.length; i++) {
      words[i + 2] = arguments[i].toString();
    }
    return commandLine.execute(words);
  }

  private Path set(String name, boolean withJoker) throws Exception {
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    var file = set.addFileBuilder().mergeFrom(CardsProto.getDescriptor().toProto());
    if (!withJoker) {
      file.removeMessageType(CardsProto.getDescriptor().findMessageTypeByName("Joker").getIndex());
    }
    return Files.write(directory.resolve(name), set.build().toByteArray());
  }

  @Test
  void nothingIsBrokenByWhatIsTheSame() throws Exception {
    assertThat(run(set("old", true), set("new", true))).isZero();
    assertThat(out).hasToString("Nothing is broken." + System.lineSeparator());
  }

  @Test
  void eachBreakIsListedWithItsConsequence() throws Exception {
    assertThat(run(set("old", true), set("new", false))).isEqualTo(1);
    assertThat(out.toString())
        .contains("jimbot.events.v1.Joker: the message was removed", "do not compile")
        .contains("Breaking changes: 1.");
  }

  @Test
  void whatIsNoContractIsToldSo() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "syntax = \"proto3\";");

    assertThat(run(set("old", true), text)).isEqualTo(2);
    assertThat(run(directory.resolve("none"), text)).isEqualTo(2);
    assertThat(run(Files.createDirectory(directory.resolve("empty")), text)).isEqualTo(2);
    assertThat(err.toString())
        .contains("text: this is no set of file descriptors")
        .contains("none: there is no such file or directory")
        .contains("empty: there is no .proto file in it");
  }

  @Test
  void aDirectoryIsCompiled() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("a.proto"), "syntax = \"proto3\";");
    Path compiled = set("compiled", false);
    Path compiler = compiler("cp " + compiled + " \"${2#--descriptor_set_out=}\"");

    assertThat(run(set("old", true), tree, "--protoc=" + compiler)).isEqualTo(1);
    assertThat(out.toString()).contains("jimbot.events.v1.Joker");
  }

  @Test
  void withoutTheCompilerOrWithOneThatFailsADirectoryIsRefused() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("a.proto"), "no proto");

    assertThat(run(tree, tree, "--protoc=" + directory.resolve("nothing"))).isEqualTo(2);
    assertThat(err.toString()).contains("name it with --protoc");
    assertThat(run(tree, tree, "--protoc=" + compiler("echo a.proto:1: wrong; exit 1")))
        .isEqualTo(2);
    assertThat(err.toString()).contains("does not compile", "a.proto:1: wrong");
  }

  private Path compiler(String script) throws Exception {
    Path file = Files.createTempFile(directory, "protoc", ".sh");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
