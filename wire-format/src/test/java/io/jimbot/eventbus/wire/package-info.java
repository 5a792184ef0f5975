/** Tests of the form of values. */
@NullMarked
package io.jimbot.eventbus.wire;

import org.jspecify.annotations.NullMarked;
