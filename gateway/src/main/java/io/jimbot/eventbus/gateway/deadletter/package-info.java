/** Looking into dead letters, and asking for something to be done to them. */
@NullMarked
package io.jimbot.eventbus.gateway.deadletter;

import org.jspecify.annotations.NullMarked;
