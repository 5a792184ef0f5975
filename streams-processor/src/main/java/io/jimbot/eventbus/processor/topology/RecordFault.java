package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.events.v1.DeadLetterStage;

/**
 * Why a record cannot be taken for an event.
 *
 * @param stage where it failed
 * @param reason what is wrong with it
 * @param message why, for a person
 */
record RecordFault(DeadLetterStage stage, DeadLetterReason reason, String message) {

  static RecordFault unreadable(String message) {
    return new RecordFault(
        DeadLetterStage.DEAD_LETTER_STAGE_DECODE, DeadLetterReason.UNREADABLE, message);
  }

  static RecordFault refused(DeadLetterReason reason, String message) {
    return new RecordFault(DeadLetterStage.DEAD_LETTER_STAGE_VALIDATE, reason, message);
  }
}
