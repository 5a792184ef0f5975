package io.jimbot.eventbus.proto;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.events.v1.CommandProto;
import io.jimbot.events.v1.DeadLetterActionProto;
import io.jimbot.events.v1.DeadLetterProto;
import io.jimbot.events.v1.EventBusProto;
import io.jimbot.events.v1.EventProto;
import io.jimbot.events.v1.ReplayProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The contract as it is now, and as it was when it was released last. */
final class Contract {

  /** Where the released state lies, seen from the module's directory. */
  static final Path RELEASED =
      Path.of("src", "test", "resources", "released", "jimbot-events-v1.binpb");

  /** Files that nothing else imports; what they import is found through them. */
  private static final List<FileDescriptor> ROOTS =
      List.of(
          EventProto.getDescriptor(),
          DeadLetterProto.getDescriptor(),
          CommandProto.getDescriptor(),
          EventBusProto.getDescriptor(),
          ReplayProto.getDescriptor(),
          DeadLetterActionProto.getDescriptor());

  private Contract() {}

  /** All files of our own, by the path under which they are imported. */
  static Map<String, FileDescriptor> files() {
    Map<String, FileDescriptor> files = new TreeMap<>();
    ROOTS.forEach(root -> collect(root, files));
    return files;
  }

  private static void collect(FileDescriptor file, Map<String, FileDescriptor> files) {
    if (file.getPackage().startsWith("jimbot.") && files.put(file.getName(), file) == null) {
      file.getDependencies().forEach(dependency -> collect(dependency, files));
    }
  }

  /** The contract that the generated classes have. */
  static FileDescriptorSet current() {
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    files().values().forEach(file -> set.addFile(file.toProto()));
    try {
      return FileDescriptorSet.parseFrom(set.build().toByteString(), options());
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The contract of the last release. */
  static FileDescriptorSet released() {
    try (InputStream bytes = Files.newInputStream(RELEASED)) {
      return FileDescriptorSet.parseFrom(bytes, options());
    } catch (IOException e) {
      throw new UncheckedIOException("The released contract cannot be read: " + RELEASED, e);
    }
  }

  private static ExtensionRegistry options() {
    ExtensionRegistry registry = ExtensionRegistry.newInstance();
    files().values().forEach(file -> file.getExtensions().forEach(registry::add));
    return registry;
  }
}
