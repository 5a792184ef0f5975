/** Dead letters come again, are parked, redriven and discarded. */
@NullMarked
package io.jimbot.eventbus.processor.deadletter;

import org.jspecify.annotations.NullMarked;
