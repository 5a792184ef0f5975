/** What a piece of work costs one thread, beside other ways to do it. */
@NullMarked
package io.jimbot.eventbus.bench.cost;

import org.jspecify.annotations.NullMarked;
