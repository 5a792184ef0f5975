package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.event.HeaderNames;
import org.apache.kafka.common.header.Headers;

/** Tells what comes again from the dead letters because it failed at a topology. */
final class SecondTry {

  private SecondTry() {}

  /**
   * Whether it failed at that group, and comes again for it alone or for everybody. A replay does
   * not: whatever group it names, what it replays is kept.
   */
  static boolean isOf(String group, Headers headers) {
    if (headers.lastHeader(HeaderNames.REPLAY_ID) != null) {
      return false;
    }
    String onlyFor = EventHeaders.text(headers, HeaderNames.FOR_GROUP);
    return onlyFor.isEmpty()
        ? EventHeaders.text(headers, HeaderNames.REDRIVE_FROM).equals(group)
        : onlyFor.equals(group);
  }
}
