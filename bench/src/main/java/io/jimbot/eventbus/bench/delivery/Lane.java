package io.jimbot.eventbus.bench.delivery;

import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Target;
import java.io.IOException;

/** A way from a publisher to subscribers. */
interface Lane {

  /** How the table calls it. */
  String word();

  /** The publisher's end. */
  Target publisher(Payload payload, int slots) throws IOException;

  /**
   * The subscribers' end, that tells of every event. Returns when it would miss none any more.
   *
   * @param subscribers how many
   */
  AutoCloseable subscribers(int subscribers, Arrivals arrivals) throws Exception;
}
