/** Dead letters: how they are made, named and routed, the same for all that write and read them. */
@NullMarked
package io.jimbot.eventbus.service.deadletter;

import org.jspecify.annotations.NullMarked;
