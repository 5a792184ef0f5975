/** The records by which gateways and processor talk about delayed events. No threads, no I/O. */
@NullMarked
package io.jimbot.eventbus.service.delay;

import org.jspecify.annotations.NullMarked;
