/**
 * Reading back what Kafka has kept: the log, and the topics of the retention classes for what the
 * log no longer has, as one row of events.
 */
@NullMarked
package io.jimbot.eventbus.service.kept;

import org.jspecify.annotations.NullMarked;
