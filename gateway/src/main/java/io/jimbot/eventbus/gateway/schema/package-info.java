/** What a change of the contract would do to the events that the log holds. */
@NullMarked
package io.jimbot.eventbus.gateway.schema;

import org.jspecify.annotations.NullMarked;
