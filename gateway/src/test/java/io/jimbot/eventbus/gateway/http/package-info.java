/** Tests without a socket. */
@NullMarked
package io.jimbot.eventbus.gateway.http;

import org.jspecify.annotations.NullMarked;
