package io.jimbot.eventbus.bench.cost;

/**
 * What one piece of work costs.
 *
 * @param nanos of the thread's CPU time
 * @param bytes allocated
 */
public record Cost(double nanos, double bytes) {}
