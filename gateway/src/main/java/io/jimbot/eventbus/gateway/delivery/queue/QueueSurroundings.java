package io.jimbot.eventbus.gateway.delivery.queue;

import io.jimbot.eventbus.gateway.delivery.DeadLetterBox;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;

/**
 * What all workers of queues at one gateway share. Immutable.
 *
 * @param log the Kafka topic of the log
 * @param settings theirs
 * @param deadLetters where they put what they give up
 * @param metrics theirs
 * @param repeatsUnknown told when it could not be found out in time which events repeat others
 */
record QueueSurroundings(
    String log,
    QueueSettings settings,
    DeadLetterBox deadLetters,
    MemberMetrics metrics,
    Runnable repeatsUnknown) {}
