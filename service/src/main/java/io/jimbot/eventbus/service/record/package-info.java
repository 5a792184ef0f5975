/**
 * Events as they lie in Kafka, unparsed, and the filters that decide by their headers. Immutable,
 * no threads.
 */
@NullMarked
package io.jimbot.eventbus.service.record;

import org.jspecify.annotations.NullMarked;
