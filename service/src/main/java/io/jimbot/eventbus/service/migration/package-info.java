/** Rewrites a Kafka topic of events into a new one, with the events in the current version. */
@NullMarked
package io.jimbot.eventbus.service.migration;

import org.jspecify.annotations.NullMarked;
