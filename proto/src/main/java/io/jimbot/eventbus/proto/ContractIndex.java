package io.jimbot.eventbus.proto;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parts of a contract by full name. The entries that the compiler makes for maps are not among
 * the messages: they are a trait of their field.
 */
record ContractIndex(
    Map<String, FileDescriptorProto> files,
    Map<String, DescriptorProto> messages,
    Map<String, EnumDescriptorProto> enums,
    Map<String, ServiceDescriptorProto> services,
    Map<String, FieldDescriptorProto> extensions) {

  static ContractIndex of(FileDescriptorSet contract) {
    ContractIndex index =
        new ContractIndex(
            new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    contract.getFileList().forEach(index::add);
    return index;
  }

  private void add(FileDescriptorProto file) {
    files.put(file.getName(), file);
    file.getMessageTypeList().forEach(message -> add(file.getPackage(), message));
    file.getEnumTypeList()
        .forEach(type -> enums.put(name(file.getPackage(), type.getName()), type));
    file.getServiceList()
        .forEach(service -> services.put(name(file.getPackage(), service.getName()), service));
    file.getExtensionList()
        .forEach(field -> extensions.put(name(file.getPackage(), field.getName()), field));
  }

  private void add(String scope, DescriptorProto message) {
    if (message.getOptions().getMapEntry()) {
      return;
    }
    String name = name(scope, message.getName());
    messages.put(name, message);
    message.getNestedTypeList().forEach(nested -> add(name, nested));
    message.getEnumTypeList().forEach(type -> enums.put(name(name, type.getName()), type));
    message.getExtensionList().forEach(field -> extensions.put(name(name, field.getName()), field));
  }

  static String name(String scope, String name) {
    return scope.isEmpty() ? name : scope + "." + name;
  }
}
