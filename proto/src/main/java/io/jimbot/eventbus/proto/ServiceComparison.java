package io.jimbot.eventbus.proto;

import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares one gRPC service with its released state. */
final class ServiceComparison {

  private ServiceComparison() {}

  static void compare(
      String path,
      ServiceDescriptorProto released,
      @Nullable ServiceDescriptorProto current,
      Consumer<BreakingChange> found) {
    if (current == null) {
      found.accept(
          new BreakingChange(
              path, "the service was removed or renamed", "Clients get UNIMPLEMENTED."));
      return;
    }
    for (MethodDescriptorProto method : released.getMethodList()) {
      Optional<MethodDescriptorProto> now =
          current.getMethodList().stream()
              .filter(candidate -> candidate.getName().equals(method.getName()))
              .findFirst();
      String methodPath = path + "." + method.getName();
      if (now.isEmpty()) {
        found.accept(
            new BreakingChange(
                methodPath, "the method was removed or renamed", "Clients get UNIMPLEMENTED."));
      } else if (!signature(method).equals(signature(now.get()))) {
        found.accept(
            new BreakingChange(
                methodPath,
                "it changed from " + signature(method) + " to " + signature(now.get()),
                "Clients and servers of different versions do not understand each other."));
      }
    }
  }

  private static String signature(MethodDescriptorProto method) {
    return (method.getClientStreaming() ? "stream " : "")
        + method.getInputType().substring(1)
        + " -> "
        + (method.getServerStreaming() ? "stream " : "")
        + method.getOutputType().substring(1);
  }
}
