/** Tests of the dead letters' view, against a real broker and alone. */
@NullMarked
package io.jimbot.eventbus.gateway.deadletter;

import org.jspecify.annotations.NullMarked;
