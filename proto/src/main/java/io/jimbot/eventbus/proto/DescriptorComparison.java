package io.jimbot.eventbus.proto;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Compares two states of the contract and tells what the newer one breaks, on the wire, in JSON and
 * in the generated code. Additions break nothing; nor does removing a field or an enum value whose
 * number and name are reserved.
 */
public final class DescriptorComparison {

  private final List<BreakingChange> breakingChanges;

  private DescriptorComparison(List<BreakingChange> breakingChanges) {
    this.breakingChanges = List.copyOf(breakingChanges);
  }

  /** Compares a released state of the contract with the current one. */
  public static DescriptorComparison of(FileDescriptorSet released, FileDescriptorSet current) {
    ContractIndex before = ContractIndex.of(released);
    ContractIndex now = ContractIndex.of(current);
    List<BreakingChange> found = new ArrayList<>();
    compareFiles(before, now, found::add);
    compareMessages(before, now, found::add);
    compareExtensions(before, now, found::add);
    before
        .enums()
        .forEach(
            (name, type) -> EnumComparison.compare(name, type, now.enums().get(name), found::add));
    before
        .services()
        .forEach(
            (name, service) ->
                ServiceComparison.compare(name, service, now.services().get(name), found::add));
    return new DescriptorComparison(found);
  }

  /** What is broken, in the order of the kinds and names; empty if nothing is. */
  public List<BreakingChange> breakingChanges() {
    return breakingChanges;
  }

  private static void compareFiles(
      ContractIndex before, ContractIndex now, Consumer<BreakingChange> found) {
    before
        .files()
        .forEach(
            (name, file) -> {
              FileDescriptorProto current = now.files().get(name);
              if (current == null) {
                found.accept(
                    new BreakingChange(
                        name, "the file was removed", "Contracts that import it do not compile."));
              } else if (!javaName(file).equals(javaName(current))) {
                found.accept(
                    new BreakingChange(
                        name,
                        "the Java names changed from "
                            + javaName(file)
                            + " to "
                            + javaName(current),
                        "Java programs do not compile against the new classes."));
              }
            });
  }

  private static String javaName(FileDescriptorProto file) {
    return file.getOptions().getJavaPackage()
        + (file.getOptions().getJavaMultipleFiles()
            ? ".*"
            : "." + file.getOptions().getJavaOuterClassname() + ".*");
  }

  private static void compareMessages(
      ContractIndex before, ContractIndex now, Consumer<BreakingChange> found) {
    before
        .messages()
        .forEach(
            (name, message) -> {
              DescriptorProto current = now.messages().get(name);
              if (current == null) {
                found.accept(removed(name, message, before, now));
              } else {
                MessageComparison.compare(name, message, current, found);
              }
            });
  }

  private static BreakingChange removed(
      String name, DescriptorProto message, ContractIndex before, ContractIndex now) {
    String what =
        now.messages().entrySet().stream()
            .filter(candidate -> !before.messages().containsKey(candidate.getKey()))
            .filter(candidate -> candidate.getValue().getFieldList().equals(message.getFieldList()))
            .map(Map.Entry::getKey)
            .findFirst()
            .map(renamed -> "the message was renamed to " + renamed)
            .orElse("the message was removed");
    return new BreakingChange(
        name,
        what,
        "Programs that name it do not compile; readers who find messages by name find none.");
  }

  private static void compareExtensions(
      ContractIndex before, ContractIndex now, Consumer<BreakingChange> found) {
    DescriptorProto noOwner = DescriptorProto.getDefaultInstance();
    before
        .extensions()
        .forEach(
            (name, field) -> {
              var current = now.extensions().get(name);
              if (current == null
                  || current.getNumber() != field.getNumber()
                  || !Objects.equals(current.getExtendee(), field.getExtendee())
                  || !FieldShape.of(noOwner, current).equals(FieldShape.of(noOwner, field))) {
                found.accept(
                    new BreakingChange(
                        name,
                        "the option was removed, or has another number or type",
                        "Options in released descriptors are not understood any more."));
              }
            });
  }
}
