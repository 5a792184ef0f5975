package io.jimbot.eventbus.proto;

import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares one enum with its released state. */
final class EnumComparison {

  private EnumComparison() {}

  static void compare(
      String path,
      EnumDescriptorProto released,
      @Nullable EnumDescriptorProto current,
      Consumer<BreakingChange> found) {
    if (current == null) {
      found.accept(
          new BreakingChange(
              path, "the enum was removed or renamed", "Programs that name it do not compile."));
      return;
    }
    for (EnumValueDescriptorProto value : released.getValueList()) {
      compareValue(path + "." + value.getName(), value, current, found);
    }
  }

  private static void compareValue(
      String path,
      EnumValueDescriptorProto value,
      EnumDescriptorProto current,
      Consumer<BreakingChange> found) {
    Optional<EnumValueDescriptorProto> sameName =
        find(current, candidate -> candidate.getName().equals(value.getName()));
    if (sameName.isPresent()) {
      if (sameName.get().getNumber() != value.getNumber()) {
        found.accept(
            new BreakingChange(
                path,
                "the number changed from "
                    + value.getNumber()
                    + " to "
                    + sameName.get().getNumber(),
                "Stored records and older programs mean another value by it."));
      }
      return;
    }
    Optional<EnumValueDescriptorProto> sameNumber =
        find(current, candidate -> candidate.getNumber() == value.getNumber());
    if (sameNumber.isPresent()) {
      found.accept(
          new BreakingChange(
              path,
              "number " + value.getNumber() + " is now named " + sameNumber.get().getName(),
              "JSON carries another word, and programs that use the old name do not compile."));
    } else if (!isReserved(current, value)) {
      found.accept(
          new BreakingChange(
              path,
              "the value was removed without reserving both its number and its name",
              "A later value may take it over and misread stored records; reserve "
                  + value.getNumber()
                  + " and \""
                  + value.getName()
                  + "\"."));
    }
  }

  private static Optional<EnumValueDescriptorProto> find(
      EnumDescriptorProto type, Predicate<EnumValueDescriptorProto> condition) {
    return type.getValueList().stream().filter(condition).findFirst();
  }

  private static boolean isReserved(EnumDescriptorProto type, EnumValueDescriptorProto value) {
    // Unlike those of messages, the ranges of enums include their end.
    return type.getReservedNameList().contains(value.getName())
        && type.getReservedRangeList().stream()
            .anyMatch(
                range ->
                    range.getStart() <= value.getNumber() && value.getNumber() <= range.getEnd());
  }
}
