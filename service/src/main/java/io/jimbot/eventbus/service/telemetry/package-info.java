/** Metrics and logs of a program: what is registered, rendered and printed. */
@NullMarked
package io.jimbot.eventbus.service.telemetry;

import org.jspecify.annotations.NullMarked;
