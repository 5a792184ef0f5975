/**
 * Load from one thread: requests at fixed times or back to back, against anything that answers.
 *
 * <p>A request's latency counts from the time it was meant to leave, not from when it left, so a
 * server that stalls cannot hide it by holding the load back.
 */
@NullMarked
package io.jimbot.eventbus.bench.load;

import org.jspecify.annotations.NullMarked;
