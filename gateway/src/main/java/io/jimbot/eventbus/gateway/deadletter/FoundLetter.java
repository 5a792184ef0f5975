package io.jimbot.eventbus.gateway.deadletter;

import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStatus;

/**
 * A dead letter as it lies in its topic. Immutable.
 *
 * @param letter the dead letter
 * @param key the key of its record; not to be changed
 * @param partition where it lies
 * @param offset where it lies
 * @param status what has become of it
 */
@SuppressWarnings("ArrayRecordComponent")
public record FoundLetter(
    DeadLetter letter, byte[] key, int partition, long offset, DeadLetterStatus status) {

  FoundLetter with(DeadLetterStatus other) {
    return new FoundLetter(letter, key, partition, offset, other);
  }
}
