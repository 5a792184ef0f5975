package io.jimbot.eventbus.service.deadletter;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.events.v1.DeadLetter;

/** How often an event has come again from the dead letters: what stops a loop. */
public final class RedriveCount {

  private static final int MAX_DIGITS = 9;

  private RedriveCount() {}

  /** How often the event had when this dead letter was made; 0 if its headers do not say. */
  public static int of(DeadLetter letter) {
    String count =
        letter.getHeadersOrDefault(HeaderNames.REDRIVE_COUNT, ByteString.EMPTY).toStringUtf8();
    boolean number =
        !count.isEmpty()
            && count.length() <= MAX_DIGITS
            && count.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(count) : 0;
  }
}
