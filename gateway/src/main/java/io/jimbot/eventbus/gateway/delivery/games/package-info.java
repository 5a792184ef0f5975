/** The newest state of each game, as the processor keeps it. */
@NullMarked
package io.jimbot.eventbus.gateway.delivery.games;

import org.jspecify.annotations.NullMarked;
