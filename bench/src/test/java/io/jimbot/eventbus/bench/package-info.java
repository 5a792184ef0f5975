/** Shows that the measuring works; measures nothing. */
@NullMarked
package io.jimbot.eventbus.bench;

import org.jspecify.annotations.NullMarked;
