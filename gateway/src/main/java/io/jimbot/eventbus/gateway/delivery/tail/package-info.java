/**
 * Subscriptions without a group: one shared reader of the log, and readers for those that are
 * behind.
 */
@NullMarked
package io.jimbot.eventbus.gateway.delivery.tail;

import org.jspecify.annotations.NullMarked;
