/**
 * Managed replays: jobs that live in Kafka, shared out among the processors, each of them run by
 * one at a time. Knows no other part of the processor.
 */
@NullMarked
package io.jimbot.eventbus.processor.replay;

import org.jspecify.annotations.NullMarked;
