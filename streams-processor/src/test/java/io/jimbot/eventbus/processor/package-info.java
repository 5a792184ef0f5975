/** Tests of the processor as a whole: its package order, its settings, over real sockets. */
@NullMarked
package io.jimbot.eventbus.processor;

import org.jspecify.annotations.NullMarked;
