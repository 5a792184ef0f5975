package io.jimbot.eventbus.gateway.ingest;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What became of one event of a submission. A transport turns it into its own words with {@link
 * #match}.
 */
public sealed interface Outcome {

  /**
   * Calls the function that fits; a new kind of outcome does not compile until every caller handles
   * it.
   */
  <T> T match(
      Function<? super Accepted, ? extends T> accepted,
      Function<? super Refused, ? extends T> refused,
      Function<? super Failed, ? extends T> failed);

  /**
   * Kafka has acknowledged it.
   *
   * @param eventId the event's id, the producer's or the one that the bus assigned
   * @param topic the Kafka topic
   * @param partition the partition, from 0
   * @param offset the offset in the partition, from 0
   * @param repeat whether it was stored before, and not again now
   */
  record Accepted(String eventId, String topic, int partition, long offset, boolean repeat)
      implements Outcome {
    @Override
    public <T> T match(
        Function<? super Accepted, ? extends T> accepted,
        Function<? super Refused, ? extends T> refused,
        Function<? super Failed, ? extends T> failed) {
      return accepted.apply(this);
    }
  }

  /**
   * It is not acceptable, and sending it again will not change that.
   *
   * @param malformed whether the bytes could not be read, rather than were read and not accepted
   * @param reason a stable word in lower snake case
   * @param path where the fault is, for example {@code events[3].payload.chips}; empty for the body
   *     as a whole
   * @param message what is wrong, for a person
   * @param eventId the event's id as far as it could be read
   * @param deadLettered whether its bytes lie in the dead letters now
   */
  record Refused(
      boolean malformed,
      String reason,
      String path,
      String message,
      @Nullable String eventId,
      boolean deadLettered)
      implements Outcome {
    @Override
    public <T> T match(
        Function<? super Accepted, ? extends T> accepted,
        Function<? super Refused, ? extends T> refused,
        Function<? super Failed, ? extends T> failed) {
      return refused.apply(this);
    }
  }

  /**
   * It was not stored, and may be sent again as it is.
   *
   * @param reason a stable word in lower snake case
   * @param message what is wrong, for a person
   * @param eventId the event's id, if the producer gave one
   */
  record Failed(String reason, String message, @Nullable String eventId) implements Outcome {
    @Override
    public <T> T match(
        Function<? super Accepted, ? extends T> accepted,
        Function<? super Refused, ? extends T> refused,
        Function<? super Failed, ? extends T> failed) {
      return failed.apply(this);
    }
  }
}
