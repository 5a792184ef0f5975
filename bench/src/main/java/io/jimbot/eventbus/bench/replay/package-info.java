/** Replays of a processor beside a plain copy on the same broker. */
@NullMarked
package io.jimbot.eventbus.bench.replay;

import org.jspecify.annotations.NullMarked;
