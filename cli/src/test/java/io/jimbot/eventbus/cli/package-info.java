/** Tests without a socket. */
@NullMarked
package io.jimbot.eventbus.cli;

import org.jspecify.annotations.NullMarked;
