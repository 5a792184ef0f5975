package io.jimbot.eventbus.gateway.delivery.tail;

import io.jimbot.eventbus.gateway.delivery.LogReader;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import org.jspecify.annotations.Nullable;

/** Finds the place that a start means. Immutable. */
final class StartPlaces {

  private static final String TOKEN_FIELD = "start.resume_token";

  private final String log;

  StartPlaces(String log) {
    this.log = log;
  }

  /**
   * A place, or why there is none.
   *
   * @param places next offsets; empty if there is a fault
   * @param fault why not
   */
  record Found(long[] places, @Nullable SubscriptionFault fault) {}

  Found find(Start start, LogReader reader) {
    if (start instanceof Start.Earliest) {
      return new Found(reader.begin(), null);
    }
    if (start instanceof Start.At at) {
      return new Found(reader.at(at.time().toEpochMilli()), null);
    }
    if (start instanceof Start.Resume resume) {
      return resume(resume.token(), reader);
    }
    return new Found(reader.end(), null);
  }

  private Found resume(ResumeToken token, LogReader reader) {
    long[] begin = reader.begin();
    long[] end = reader.end();
    if (!token.isOf(log) || token.partitions() > end.length) {
      return refused(
          SubscriptionFault.Kind.INVALID, "foreign_token", "the token is of another log");
    }
    long[] places = new long[end.length];
    for (int partition = 0; partition < end.length; partition++) {
      places[partition] = partition < token.partitions() ? token.next(partition) : begin[partition];
      if (places[partition] > end[partition]) {
        return refused(
            SubscriptionFault.Kind.INVALID,
            "foreign_token",
            "the token is of another log: partition "
                + partition
                + " does not have offset "
                + places[partition]
                + " yet");
      }
      if (places[partition] < begin[partition]) {
        return refused(
            SubscriptionFault.Kind.OUT_OF_RANGE,
            "out_of_range",
            "events behind the token have been deleted, since their time is over: partition "
                + partition
                + " begins at offset "
                + begin[partition]
                + ", the token goes on at "
                + places[partition]);
      }
    }
    return new Found(places, null);
  }

  private static Found refused(SubscriptionFault.Kind kind, String reason, String message) {
    return new Found(new long[0], new SubscriptionFault(kind, reason, TOKEN_FIELD, message));
  }
}
