/**
 * Deliveries and their settlements as steps of a trace: put around the modes where tracing is on,
 * absent where it is off. Owns no thread.
 */
@NullMarked
package io.jimbot.eventbus.gateway.delivery.trace;

import org.jspecify.annotations.NullMarked;
