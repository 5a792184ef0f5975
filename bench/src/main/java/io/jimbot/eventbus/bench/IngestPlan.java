package io.jimbot.eventbus.bench;

import io.jimbot.eventbus.bench.load.Pace;
import io.jimbot.eventbus.bench.load.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What to measure.
 *
 * @param payloads each is measured at every pace
 * @param paces in this order
 * @param connections how many requests are under way at most
 * @param warmUp how long each contender runs at full speed with a payload before it is measured
 * @param length of each measurement
 * @param results the file that gets a line for each measurement
 */
record IngestPlan(
    List<Payload> payloads,
    List<Pace> paces,
    int connections,
    Duration warmUp,
    Duration length,
    Path results) {

  /** Checks the values. */
  IngestPlan {
    payloads = List.copyOf(payloads);
    paces = List.copyOf(paces);
    if (connections < 1 || length.isZero() || length.isNegative() || warmUp.isNegative()) {
      throw new IllegalArgumentException(
          "at least one connection and a positive length are needed");
    }
  }
}
