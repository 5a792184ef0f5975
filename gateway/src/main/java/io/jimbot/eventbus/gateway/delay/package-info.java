/**
 * Events that wait for their time, as the gateway sees them: how many there may be, and how one is
 * taken back. The waiting itself is the processor's.
 */
@NullMarked
package io.jimbot.eventbus.gateway.delay;

import org.jspecify.annotations.NullMarked;
