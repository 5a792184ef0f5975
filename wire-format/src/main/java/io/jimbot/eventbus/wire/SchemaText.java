package io.jimbot.eventbus.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A schema file as it was written, which the contract's jar holds under the name that others import
 * it by. Immutable.
 *
 * @param name that name, for example {@code jimbot/events/v1/event.proto}
 * @param text the file's text
 * @param imports what it imports, without Protobuf's own, which every registry knows
 */
record SchemaText(String name, String text, List<FileDescriptor> imports) {

  private static final String PROTOBUFS_OWN = "google/protobuf/";

  static SchemaText of(FileDescriptor file) {
    String name = file.getFullName();
    try (InputStream in = SchemaText.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource holds the text of the schema " + name);
      }
      return new SchemaText(
          name,
          new String(in.readAllBytes(), UTF_8),
          file.getDependencies().stream()
              .filter(imported -> !imported.getFullName().startsWith(PROTOBUFS_OWN))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
