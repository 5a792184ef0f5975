package io.jimbot.eventbus.gateway.kafka;

import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Impossible;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Unavailable;
import io.jimbot.eventbus.wire.RegistryException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Turns what the Kafka client throws into our words. Whatever is not known to be final may be tried
 * again.
 */
final class FailureReasons {

  private FailureReasons() {}

  static PublishOutcome of(Throwable failure) {
    if (failure instanceof RecordTooLargeException) {
      return new Impossible("record_too_large", message(failure));
    }
    if (failure instanceof InvalidRecordException
        || failure instanceof InvalidTimestampException
        || (failure instanceof SerializationException
            && !(failure.getCause() instanceof RegistryException))) {
      return new Impossible("record_invalid", message(failure));
    }
    return retryable(failure);
  }

  static Unavailable retryable(Throwable failure) {
    return new Unavailable(word(failure), message(failure));
  }

  /**
   * Whether the failure says that Kafka is away, rather than that it is busy or that this record is
   * at fault.
   */
  static boolean meansAway(Throwable failure) {
    return !(failure instanceof BufferExhaustedException)
        && (failure instanceof TimeoutException
            || failure instanceof DisconnectException
            || failure instanceof NetworkException
            || failure instanceof AuthenticationException
            || failure instanceof IllegalStateException);
  }

  private static String word(Throwable failure) {
    if (failure instanceof SerializationException
        && failure.getCause() instanceof RegistryException registry) {
      return registry.reason();
    }
    if (failure instanceof BufferExhaustedException) {
      return "buffer_full";
    }
    if (failure instanceof TimeoutException) {
      return isColdMetadata(failure) ? "kafka_unreachable" : "timeout";
    }
    if (failure instanceof DisconnectException || failure instanceof NetworkException) {
      return "kafka_unreachable";
    }
    if (failure instanceof NotEnoughReplicasException
        || failure instanceof NotEnoughReplicasAfterAppendException) {
      return "not_enough_replicas";
    }
    if (failure instanceof UnknownTopicOrPartitionException) {
      return "topic_missing";
    }
    if (failure instanceof AuthorizationException || failure instanceof AuthenticationException) {
      return "not_authorized";
    }
    return "kafka_error";
  }

  /** The producer forgets a topic when a broker that is going down says that it has none. */
  private static boolean isColdMetadata(Throwable failure) {
    String text = failure.getMessage();
    return text != null && text.contains("not present in metadata");
  }

  private static String message(Throwable failure) {
    if (isColdMetadata(failure)) {
      return "Kafka is away or coming up: the topic's whereabouts are not known";
    }
    String text = failure.getMessage();
    return text == null ? failure.getClass().getSimpleName() : text;
  }
}
