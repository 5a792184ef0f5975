package io.jimbot.eventbus.proto;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Compares one message with its released state: fields by number, oneofs by name, reservations. */
final class MessageComparison {

  private final String path;
  private final DescriptorProto released;
  private final DescriptorProto current;
  private final Consumer<BreakingChange> found;

  private MessageComparison(
      String path,
      DescriptorProto released,
      DescriptorProto current,
      Consumer<BreakingChange> found) {
    this.path = path;
    this.released = released;
    this.current = current;
    this.found = found;
  }

  static void compare(
      String path,
      DescriptorProto released,
      DescriptorProto current,
      Consumer<BreakingChange> found) {
    MessageComparison comparison = new MessageComparison(path, released, current, found);
    released.getFieldList().forEach(comparison::compareField);
    comparison.compareOneofs();
    comparison.compareReservations();
  }

  private void compareField(FieldDescriptorProto field) {
    Optional<FieldDescriptorProto> sameNumber =
        current.getFieldList().stream()
            .filter(candidate -> candidate.getNumber() == field.getNumber())
            .findFirst();
    if (sameNumber.isEmpty()) {
      reportMissing(field);
      return;
    }
    FieldDescriptorProto now = sameNumber.get();
    if (!now.getName().equals(field.getName())) {
      report(
          field.getName(),
          "number " + field.getNumber() + " now belongs to a field named " + now.getName(),
          "The key in JSON changes, stored events show their old value under the new name, and"
              + " programs that use the old name do not compile.");
    }
    compareShapes(field, now);
  }

  private void reportMissing(FieldDescriptorProto field) {
    Optional<FieldDescriptorProto> sameName =
        current.getFieldList().stream()
            .filter(candidate -> candidate.getName().equals(field.getName()))
            .findFirst();
    if (sameName.isPresent()) {
      report(
          field.getName(),
          "the number changed from " + field.getNumber() + " to " + sameName.get().getNumber(),
          "Old and new programs do not find each other's values; stored events lose theirs.");
      return;
    }
    boolean numberReserved = isReserved(field.getNumber(), field.getNumber() + 1);
    boolean nameReserved = current.getReservedNameList().contains(field.getName());
    if (!numberReserved || !nameReserved) {
      report(
          field.getName(),
          "the field was removed, and "
              + (numberReserved ? "its name" : nameReserved ? "its number" : "its number and name")
              + " not reserved",
          "A later field may take it over and misread stored events; reserve "
              + field.getNumber()
              + " and \""
              + field.getName()
              + "\".");
    }
  }

  private void compareShapes(FieldDescriptorProto field, FieldDescriptorProto now) {
    FieldShape before = FieldShape.of(released, field);
    FieldShape after = FieldShape.of(current, now);
    if (!before.type().equals(after.type())) {
      report(
          field.getName(),
          "the type changed from " + before.type() + " to " + after.type(),
          "Stored events and older programs carry values that are misread or unreadable.");
    } else if (!before.arity().equals(after.arity())) {
      report(
          field.getName(),
          "it was " + before.arity() + " and is " + after.arity(),
          "Generated code and JSON differ, and 0 or all but one value may get lost.");
    }
    if (!before.oneof().equals(after.oneof())) {
      report(
          field.getName(),
          "it was in " + oneof(before) + " and is in " + oneof(after),
          "Setting it clears, or no longer clears, other fields, and programs do not compile.");
    }
    boolean sameName = field.getName().equals(now.getName());
    if (sameName && !before.jsonName().equals(after.jsonName())) {
      report(
          field.getName(),
          "the JSON name changed from " + before.jsonName() + " to " + after.jsonName(),
          "Programs that use Protobuf's JSON mapping lose the value.");
    }
    if (!before.textOf().equals(after.textOf())) {
      report(
          field.getName(),
          "text_of changed from \"" + before.textOf() + "\" to \"" + after.textOf() + "\"",
          "Text values come in by another key than they go out by, in stored events too.");
    }
  }

  private static String oneof(FieldShape shape) {
    return shape.oneof().isEmpty() ? "no oneof" : "oneof " + shape.oneof();
  }

  private void compareOneofs() {
    Set<String> left =
        current.getOneofDeclList().stream()
            .map(OneofDescriptorProto::getName)
            .collect(Collectors.toSet());
    released.getFieldList().stream()
        .map(field -> FieldShape.of(released, field).oneof())
        .filter(name -> !name.isEmpty() && !left.contains(name))
        .distinct()
        .forEach(
            name ->
                report(
                    name,
                    "the oneof was removed or renamed",
                    "Programs that ask which of its fields is set do not compile."));
  }

  private void compareReservations() {
    for (ReservedRange range : released.getReservedRangeList()) {
      if (!isReserved(range.getStart(), range.getEnd())) {
        report(
            "reserved " + range.getStart() + " to " + (range.getEnd() - 1),
            "these numbers are not reserved any more",
            "A new field may take one over and misread stored events.");
      }
    }
    for (String name : released.getReservedNameList()) {
      if (!current.getReservedNameList().contains(name)) {
        report(
            "reserved " + name,
            "this name is not reserved any more",
            "A new field may take it over and misread stored JSON.");
      }
    }
  }

  private boolean isReserved(int start, int end) {
    return current.getReservedRangeList().stream()
        .anyMatch(range -> range.getStart() <= start && end <= range.getEnd());
  }

  private void report(String member, String what, String consequence) {
    found.accept(new BreakingChange(path + "." + member, what, consequence));
  }
}
