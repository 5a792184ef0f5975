/**
 * Names, counts and their exposition. A leaf: takes names and numbers, knows no other package of
 * the gateway. No threads of its own; everything here may be called by any thread.
 */
@NullMarked
package io.jimbot.eventbus.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
