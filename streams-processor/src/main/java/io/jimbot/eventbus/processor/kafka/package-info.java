/**
 * What the parts of the processor stand on: clients, topics, and how a topology runs.
 *
 * <p>Knows no part and no topology of its own.
 */
@NullMarked
package io.jimbot.eventbus.processor.kafka;

import org.jspecify.annotations.NullMarked;
