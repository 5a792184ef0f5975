package io.jimbot.eventbus.cli;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.events.v1.JsonMappingProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/**
 * Reads a contract: a file with a set of file descriptors (as {@code protoc --descriptor_set_out}
 * and {@code buf build -o} write it), or a directory with {@code .proto} files, which the compiler
 * {@code protoc} makes into one.
 */
final class ContractFiles {

  private static final int COMPILE_SECONDS = 60;

  @Option(
      names = "--protoc",
      paramLabel = "PATH",
      defaultValue = "protoc",
      description =
          "The compiler, needed for directories of .proto files only. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String protoc;

  /**
   * Reads it.
   *
   * @throws IOException if it cannot be read or compiled; the message is for a person
   */
  FileDescriptorSet read(Path contract) throws IOException, InterruptedException {
    if (Files.isDirectory(contract)) {
      return compile(contract);
    }
    if (!Files.isReadable(contract)) {
      throw new IOException(contract + ": there is no such file or directory");
    }
    return parse(contract, contract);
  }

  private static FileDescriptorSet parse(Path file, Path contract) throws IOException {
    ExtensionRegistry options = ExtensionRegistry.newInstance();
    JsonMappingProto.registerAllExtensions(options);
    try {
      FileDescriptorSet set = FileDescriptorSet.parseFrom(Files.readAllBytes(file), options);
      if (set.getFileCount() > 0) {
        return set;
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IOException(contract + ": this is no set of file descriptors", e);
    }
    throw new IOException(contract + ": this set of file descriptors is empty");
  }

  private FileDescriptorSet compile(Path tree) throws IOException, InterruptedException {
    Path out = Files.createTempFile("contract", ".binpb");
    Path messages = Files.createTempFile("protoc", ".txt");
    try {
      List<String> command =
          new ArrayList<>(
              List.of(protoc, "--include_imports", "--descriptor_set_out=" + out, "-I" + tree));
      command.addAll(sources(tree));
      run(command, messages, tree);
      return parse(out, tree);
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(messages);
    }
  }

  private static List<String> sources(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      List<String> sources =
          files
              .filter(file -> file.toString().endsWith(".proto"))
              .map(file -> tree.relativize(file).toString())
              .sorted()
              .toList();
      if (sources.isEmpty()) {
        throw new IOException(tree + ": there is no .proto file in it");
      }
      return sources;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void run(List<String> command, Path messages, Path tree)
      throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(messages.toFile())
              .start();
    } catch (IOException e) {
      throw new IOException(
          tree
              + ": .proto files need the compiler '"
              + protoc
              + "', which cannot be run; install it, name it with --protoc, or give a set of file descriptors",
          e);
    }
    if (!process.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(tree + ": the compiler did not end in " + COMPILE_SECONDS + " s");
    }
    if (process.exitValue() != 0) {
      throw new IOException(tree + ": does not compile:\n" + Files.readString(messages).strip());
    }
  }
}
