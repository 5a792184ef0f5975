package io.jimbot.eventbus.service.kept;

import io.jimbot.eventbus.service.record.OriginalPosition;

/**
 * What retention deleted from a partition of the log while somebody was reading it, before he came
 * there, and so has to be found in a class topic. Immutable.
 *
 * @param partition of the log, from 0
 * @param begin the first offset that was still to be read
 * @param end the first offset that was still there
 * @param from the first offset of the class topic's partition that is looked at for it
 */
public record Gap(int partition, long begin, long end, long from) {

  boolean holds(OriginalPosition origin) {
    return origin.partition() == partition && origin.offset() >= begin && origin.offset() < end;
  }

  /** The same, looked for from there on only. */
  Gap after(long offset) {
    return new Gap(partition, begin, end, Math.max(from, offset));
  }
}
