package io.jimbot.eventbus.gateway.grpc;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.gateway.ingest.SubmissionFault;
import io.jimbot.eventbus.gateway.ingest.Timing;
import io.jimbot.eventbus.gateway.ingest.TimingRules;
import io.jimbot.events.v1.PublishEventRequest;
import io.jimbot.events.v1.PublishEventsRequest;
import io.jimbot.events.v1.StreamPublish;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a publishing request says about the time of its events.
 *
 * @param deliverAt when they are to be delivered, if it says so
 * @param ttl for how long they are to be delivered, if it says so
 */
record AskedTiming(@Nullable Timestamp deliverAt, @Nullable Duration ttl) {

  static AskedTiming of(PublishEventRequest request) {
    return new AskedTiming(
        request.hasDeliverAt() ? request.getDeliverAt() : null,
        request.hasTtl() ? request.getTtl() : null);
  }

  static AskedTiming of(PublishEventsRequest request) {
    return new AskedTiming(
        request.hasDeliverAt() ? request.getDeliverAt() : null,
        request.hasTtl() ? request.getTtl() : null);
  }

  static AskedTiming of(StreamPublish request) {
    return new AskedTiming(
        request.hasDeliverAt() ? request.getDeliverAt() : null,
        request.hasTtl() ? request.getTtl() : null);
  }

  Timing check(TimingRules rules, Instant now) throws SubmissionFault {
    return rules.check(deliverAtOrNull(), ttlOrNull(), now);
  }

  /** One beyond all times is as late as can be, which no rule lets pass. */
  private @Nullable Instant deliverAtOrNull() {
    if (deliverAt == null) {
      return null;
    }
    try {
      return Instant.ofEpochSecond(deliverAt.getSeconds(), deliverAt.getNanos());
    } catch (DateTimeException | ArithmeticException e) {
      return Instant.MAX;
    }
  }

  /** One that is no duration at all counts as one of none, which no rule lets pass. */
  private java.time.@Nullable Duration ttlOrNull() {
    if (ttl == null) {
      return null;
    }
    java.time.Duration time = WireDuration.orNull(ttl);
    return time == null ? java.time.Duration.ZERO : time;
  }

  /** The field of the request that a fault is about. */
  static String field(SubmissionFault fault) {
    return fault.field().name().toLowerCase(Locale.ROOT);
  }
}
