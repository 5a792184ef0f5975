/** Older events as newer versions of their types have them. Pure functions, no threads, no I/O. */
@NullMarked
package io.jimbot.eventbus.event.upcast;

import org.jspecify.annotations.NullMarked;
