/** Tests without a socket. */
@NullMarked
package io.jimbot.eventbus.gateway.ingest;

import org.jspecify.annotations.NullMarked;
