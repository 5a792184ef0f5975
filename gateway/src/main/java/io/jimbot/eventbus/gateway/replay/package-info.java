/**
 * Managed replays as a gateway sees them: asks for them, says what is wanted of them, and tells how
 * far they are. The processor does the work. No class here knows a transport.
 */
@NullMarked
package io.jimbot.eventbus.gateway.replay;

import org.jspecify.annotations.NullMarked;
