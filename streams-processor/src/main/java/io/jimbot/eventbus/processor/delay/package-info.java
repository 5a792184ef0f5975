/** The part of the processor that keeps delayed events until their time. */
@NullMarked
package io.jimbot.eventbus.processor.delay;

import org.jspecify.annotations.NullMarked;
