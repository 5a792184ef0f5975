package io.jimbot.eventbus.bench.decode;

/**
 * What one piece of work costs.
 *
 * @param nanos of the thread's CPU time
 * @param bytes allocated
 */
record Cost(double nanos, double bytes) {}
