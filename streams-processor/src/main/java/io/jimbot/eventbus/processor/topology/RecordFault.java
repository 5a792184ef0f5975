package io.jimbot.eventbus.processor.topology;

import io.jimbot.events.v1.DeadLetterStage;

/**
 * Why a record cannot be taken for an event.
 *
 * @param stage where it failed
 * @param reason a stable word in lower snake case
 * @param message why, for a person
 */
record RecordFault(DeadLetterStage stage, String reason, String message) {

  static RecordFault unreadable(String message) {
    return new RecordFault(DeadLetterStage.DEAD_LETTER_STAGE_DECODE, "unreadable", message);
  }

  static RecordFault refused(String reason, String message) {
    return new RecordFault(DeadLetterStage.DEAD_LETTER_STAGE_VALIDATE, reason, message);
  }
}
