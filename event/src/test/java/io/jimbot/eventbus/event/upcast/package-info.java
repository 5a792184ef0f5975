/** Tests of the steps between versions. */
@NullMarked
package io.jimbot.eventbus.event.upcast;

import org.jspecify.annotations.NullMarked;
