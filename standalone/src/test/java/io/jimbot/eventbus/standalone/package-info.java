/** The program as it runs, with a small stand-in where the gateway goes. */
@NullMarked
package io.jimbot.eventbus.standalone;

import org.jspecify.annotations.NullMarked;
