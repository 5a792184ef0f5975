package io.jimbot.eventbus.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import io.jimbot.events.v1.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A schema of events that is thought about: what would become of stored events if their readers had
 * it instead of the present one. Immutable.
 */
public final class ProposedSchema {

  private static final String EVENT = Event.getDescriptor().getFullName();

  private final Descriptor event;

  private ProposedSchema(Descriptor event) {
    this.event = event;
  }

  /**
   * Takes the event of a set of file descriptors. What the set imports and does not hold is taken
   * from the present schema.
   *
   * @throws IllegalArgumentException if it holds no event, or does not fit together; the message is
   *     for a person
   */
  public static ProposedSchema of(FileDescriptorSet set) {
    Map<String, FileDescriptorProto> given = new HashMap<>();
    set.getFileList().forEach(file -> given.put(file.getName(), file));
    Map<String, FileDescriptor> built = new HashMap<>();
    present(Event.getDescriptor().getFile(), given.keySet(), built);
    for (FileDescriptorProto file : set.getFileList()) {
      Descriptor found =
          build(file.getName(), given, built, new HashSet<>()).findMessageTypeByName("Event");
      if (found != null && found.getFullName().equals(EVENT)) {
        return new ProposedSchema(found);
      }
    }
    throw new IllegalArgumentException("there is no message " + EVENT);
  }

  private static void present(
      FileDescriptor file, Set<String> given, Map<String, FileDescriptor> built) {
    if (!given.contains(file.getName())) {
      built.putIfAbsent(file.getName(), file);
    }
    file.getDependencies().forEach(dependency -> present(dependency, given, built));
  }

  private static FileDescriptor build(
      String name,
      Map<String, FileDescriptorProto> given,
      Map<String, FileDescriptor> built,
      Set<String> begun) {
    FileDescriptor known = built.get(name);
    if (known != null) {
      return known;
    }
    FileDescriptorProto file = given.get(name);
    if (file == null || !begun.add(name)) {
      throw new IllegalArgumentException(
          name + (file == null ? " is imported and missing" : " imports itself"));
    }
    FileDescriptor[] dependencies =
        file.getDependencyList().stream()
            .map(dependency -> build(dependency, given, built, begun))
            .toArray(FileDescriptor[]::new);
    try {
      FileDescriptor made = FileDescriptor.buildFrom(file, dependencies);
      built.put(name, made);
      return made;
    } catch (DescriptorValidationException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * What would become of an event.
   *
   * @param failure why it could not be read at all; null if it could
   * @param losses what of it would get lost or changed: a path and in what way
   */
  public record Verdict(@Nullable String failure, List<String> losses) {

    /** Copies. */
    public Verdict {
      losses = List.copyOf(losses);
    }

    /** Whether all of the event would be read as it is. */
    public boolean isFine() {
      return failure == null && losses.isEmpty();
    }
  }

  /**
   * Reads an event by this schema and by the present one.
   *
   * @throws InvalidProtocolBufferException if even the present one does not read it
   */
  public Verdict judge(ByteString stored) throws InvalidProtocolBufferException {
    Event present = Event.parseFrom(stored);
    try {
      return new Verdict(
          null, MessageLosses.between(present, DynamicMessage.parseFrom(event, stored)));
    } catch (InvalidProtocolBufferException e) {
      return new Verdict(String.valueOf(e.getMessage()), List.of());
    }
  }

  /** An event in one line, for a person. */
  public static String brief(Event stored) {
    return TextFormat.printer()
        .emittingSingleLine(true)
        .printToString(stored.toBuilder().clearPayload().clearLeftovers().clearChanges().build());
  }
}
