/** Tests without a socket. */
@NullMarked
package io.jimbot.eventbus.gateway.delay;

import org.jspecify.annotations.NullMarked;
