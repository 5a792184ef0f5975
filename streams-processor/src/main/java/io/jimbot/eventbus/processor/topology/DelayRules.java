package io.jimbot.eventbus.processor.topology;

import java.time.Duration;

/**
 * What the topology of delayed events keeps to.
 *
 * @param maxEvents how many events may wait in one partition
 * @param maxBytes how many bytes they may have
 * @param tick how often it looks for what is due
 * @param memory how long it is remembered how an event ended
 */
public record DelayRules(long maxEvents, long maxBytes, Duration tick, Duration memory) {}
