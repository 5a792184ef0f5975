package io.jimbot.eventbus.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What came of a stretch of load.
 *
 * @param latencies of the requests that succeeded, in nanoseconds
 * @param requests how many succeeded
 * @param events how many events they held
 * @param failures how many did not succeed
 * @param unsent how many were due and had not left when the time was up
 * @param nanos from the first request's start to the last one's end
 */
public record Window(
    Histogram latencies, long requests, long events, long failures, long unsent, long nanos) {}
