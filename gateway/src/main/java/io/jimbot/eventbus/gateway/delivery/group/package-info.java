/** Members of consumer groups: one reader each, acknowledgements, and the order of each key. */
@NullMarked
package io.jimbot.eventbus.gateway.delivery.group;

import org.jspecify.annotations.NullMarked;
