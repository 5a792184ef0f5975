package io.jimbot.eventbus.event.json;

import io.jimbot.eventbus.event.EventFacts;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One piece of a body: an event, or bytes that are none. */
public sealed interface Decoded {

  /** Offset of the piece in the body, in bytes. */
  int position();

  /** Length of the piece, in bytes. */
  int length();

  /**
   * An event.
   *
   * @param facts what is known about it
   * @param value the encoded {@code jimbot.events.v1.Event}; owned by the receiver
   * @param unmapped how many members of the JSON have no field
   * @param misfits how many values of the JSON do not fit their field exactly
   */
  record Readable(
      EventFacts facts, byte[] value, int unmapped, int misfits, int position, int length)
      implements Decoded {}

  /**
   * Bytes that are no event, or an event that is not acceptable.
   *
   * @param reason a stable word in lower snake case
   * @param malformed whether the bytes are not JSON in any accepted dialect
   * @param path where the fault is: {@code events[3].payload.chips}
   * @param message what is wrong, for a person
   * @param faultPosition offset in the body at which the fault shows
   * @param eventId the event's id as far as it was read before the fault
   * @param type the canonical type as far as it was read before the fault
   * @param batchId the producer's name for the batch, as far as the batch says it
   */
  record Broken(
      String reason,
      boolean malformed,
      String path,
      String message,
      int position,
      int length,
      int faultPosition,
      @Nullable String eventId,
      @Nullable String type,
      @Nullable String batchId)
      implements Decoded {

    /** All reasons that there are. */
    public static Set<String> reasons() {
      return Arrays.stream(EventFault.Reason.values())
          .map(EventFault.Reason::word)
          .collect(Collectors.toUnmodifiableSet());
    }

    /** The same, in a batch of that name. */
    Broken in(@Nullable String batch) {
      return new Broken(
          reason, malformed, path, message, position, length, faultPosition, eventId, type, batch);
    }
  }
}
