package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.delivery.DeadLetterBox;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;

/**
 * What all members of groups at one gateway share. Immutable.
 *
 * @param settings theirs
 * @param deadLetters where they put what they give up
 * @param metrics theirs
 */
record GroupSurroundings(
    GroupSettings settings, DeadLetterBox deadLetters, MemberMetrics metrics) {}
