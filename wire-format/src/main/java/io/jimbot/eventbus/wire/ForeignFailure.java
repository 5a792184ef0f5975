package io.jimbot.eventbus.wire;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of another's serializer says of the registry. The classes of its client are not on
 * our class path, so that this goes by what Confluent's throws: Kafka's {@link
 * InvalidConfigurationException} where the registry's own code has the three digits of a status
 * 4xx, else an exception with its client's as a cause, which has a public {@code getStatus()}. Two
 * things it cannot tell: a 429 comes in the first way, too, and is taken for a no; a latest schema
 * that Confluent's client finds not compatible is an I/O error, and is taken for a registry that is
 * away.
 */
final class ForeignFailure {

  /** As deep as causes are looked at. */
  private static final int MOST_CAUSES = 16;

  private ForeignFailure() {}

  /** The registry's part in it; null where it has none that can be told. */
  static @Nullable RegistryException of(String topic, RuntimeException failure) {
    List<Throwable> causes = causes(failure);
    String message = message(topic, failure);
    int status =
        causes.stream().mapToInt(ForeignFailure::status).filter(s -> s > 0).findFirst().orElse(0);
    if (RegistryException.isRefusal(status) || causes.stream().anyMatch(ForeignFailure::isNo)) {
      return RegistryException.refused(message, status, failure);
    }
    return status > 0 || causes.stream().anyMatch(ForeignFailure::isAway)
        ? RegistryException.unreachable(message, failure)
        : null;
  }

  static String message(String topic, RuntimeException failure) {
    Throwable cause = failure.getCause();
    return "the serializer cannot write to %s: %s%s"
        .formatted(topic, failure.getMessage(), cause == null ? "" : ": " + cause.getMessage());
  }

  private static List<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(MOST_CAUSES)
        .toList();
  }

  private static boolean isNo(Throwable cause) {
    return cause instanceof InvalidConfigurationException
        || cause instanceof AuthenticationException;
  }

  private static boolean isAway(Throwable cause) {
    return cause instanceof IOException || cause instanceof TimeoutException;
  }

  /** The HTTP status that an exception names; 0 if it names none. */
  private static int status(Throwable cause) {
    try {
      return cause.getClass().getMethod("getStatus").invoke(cause) instanceof Integer status
          ? status
          : 0;
    } catch (ReflectiveOperationException e) {
      return 0;
    }
  }
}
