/** Retention: keeps the topics of the classes as the catalogue says, and runs what fills them. */
@NullMarked
package io.jimbot.eventbus.processor.retention;

import org.jspecify.annotations.NullMarked;
