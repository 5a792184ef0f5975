/** Tests of the JSON conversion. */
@NullMarked
package io.jimbot.eventbus.event.json;

import org.jspecify.annotations.NullMarked;
