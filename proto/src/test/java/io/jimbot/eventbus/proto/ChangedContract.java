package io.jimbot.eventbus.proto;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Altered copies of contracts, for tests of the comparison. */
final class ChangedContract {

  private static final String FOLDER = "jimbot/events/v1/";

  private ChangedContract() {}

  static FileDescriptorSet withFile(
      FileDescriptorSet contract, String file, Consumer<FileDescriptorProto.Builder> change) {
    FileDescriptorSet.Builder changed = contract.toBuilder();
    change.accept(
        changed.getFileBuilderList().stream()
            .filter(candidate -> candidate.getName().equals(FOLDER + file))
            .findFirst()
            .orElseThrow());
    return changed.build();
  }

  static FileDescriptorSet withMessage(
      FileDescriptorSet contract, String message, Consumer<DescriptorProto.Builder> change) {
    FileDescriptorSet.Builder changed = contract.toBuilder();
    change.accept(
        changed.getFileBuilderList().stream()
            .flatMap(file -> file.getMessageTypeBuilderList().stream())
            .filter(candidate -> candidate.getName().equals(message))
            .findFirst()
            .orElseThrow());
    return changed.build();
  }

  static FileDescriptorSet withField(
      FileDescriptorSet contract,
      String message,
      String field,
      Consumer<FieldDescriptorProto.Builder> change) {
    return withMessage(
        contract, message, type -> change.accept(type.getFieldBuilder(position(type, field))));
  }

  static FileDescriptorSet withoutField(FileDescriptorSet contract, String message, String field) {
    return withMessage(contract, message, type -> type.removeField(position(type, field)));
  }

  static FileDescriptorSet withEnum(
      FileDescriptorSet contract, String name, Consumer<EnumDescriptorProto.Builder> change) {
    FileDescriptorSet.Builder changed = contract.toBuilder();
    change.accept(
        changed.getFileBuilderList().stream()
            .flatMap(file -> file.getEnumTypeBuilderList().stream())
            .filter(candidate -> candidate.getName().equals(name))
            .findFirst()
            .orElseThrow());
    return changed.build();
  }

  private static int position(DescriptorProto.Builder message, String field) {
    List<FieldDescriptorProto> fields = message.getFieldList();
    return IntStream.range(0, fields.size())
        .filter(i -> fields.get(i).getName().equals(field))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(message.getName() + "." + field));
  }
}
