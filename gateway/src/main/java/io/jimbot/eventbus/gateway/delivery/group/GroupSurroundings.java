package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.delivery.DeadLetterBox;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import java.util.function.LongConsumer;

/**
 * What all members of groups at one gateway share. Immutable.
 *
 * @param settings theirs
 * @param deadLetters where they put what they give up
 * @param metrics theirs
 * @param deleted told of offsets that were deleted before their group had read them
 */
record GroupSurroundings(
    GroupSettings settings,
    DeadLetterBox deadLetters,
    MemberMetrics metrics,
    LongConsumer deleted) {}
