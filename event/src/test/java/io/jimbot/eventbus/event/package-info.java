/** Tests of what is known about events. */
@NullMarked
package io.jimbot.eventbus.event;

import org.jspecify.annotations.NullMarked;
