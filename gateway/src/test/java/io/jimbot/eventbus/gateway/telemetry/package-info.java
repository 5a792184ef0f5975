/** Tests without a socket. */
@NullMarked
package io.jimbot.eventbus.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
