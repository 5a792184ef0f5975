package io.jimbot.eventbus.gateway.grpc;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.grpc.Refusals.Violation;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.AcknowledgeResponse;
import io.jimbot.events.v1.AcknowledgementFailure;
import io.jimbot.events.v1.Extension;
import io.jimbot.events.v1.NegativeAcknowledgement;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Settles what a request names, and gathers what could not be. Immutable. */
final class Acknowledgements {

  private static final String MALFORMED = "malformed";
  private static final int MAX_REASON = 1_000;
  private static final int MAX_DELIVERIES = 10_000;
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Settlement DONE = new Settlement.Acknowledge();

  private final BiFunction<AckId, Settlement, Settled> target;

  Acknowledgements(BiFunction<AckId, Settlement, Settled> target) {
    this.target = target;
  }

  /** What is wrong with the request as a whole: its answer could be many times as large as it. */
  static @Nullable Violation violation(AcknowledgeRequest request) {
    int deliveries =
        request.getAckIdsCount() + request.getNacksCount() + request.getExtensionsCount();
    return deliveries <= MAX_DELIVERIES
        ? null
        : new Violation("ack_ids", "at most " + MAX_DELIVERIES + " deliveries in one message");
  }

  AcknowledgeResponse settle(AcknowledgeRequest request) {
    AcknowledgeResponse.Builder failures = AcknowledgeResponse.newBuilder();
    for (ByteString id : request.getAckIdsList()) {
      settle(id, DONE, failures);
    }
    for (NegativeAcknowledgement nack : request.getNacksList()) {
      if (nack.hasDelay() && WireDuration.orNull(nack.getDelay()) == null) {
        failures.addFailures(
            failure(nack.getAckId(), MALFORMED, "delay must be a time, not below 0"));
      } else {
        settle(nack.getAckId(), settlement(nack), failures);
      }
    }
    for (Extension extension : request.getExtensionsList()) {
      Duration by = bounded(extension.getBy());
      if (by.isZero()) {
        failures.addFailures(failure(extension.getAckId(), MALFORMED, "by must be a time above 0"));
      } else {
        settle(extension.getAckId(), new Settlement.Extend(by), failures);
      }
    }
    return failures.build();
  }

  private static Settlement settlement(NegativeAcknowledgement nack) {
    String reason = nack.getReason();
    String text = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
    return switch (nack.getAction()) {
      case NACK_ACTION_PARK -> new Settlement.Park(text);
      case NACK_ACTION_SKIP -> new Settlement.Skip();
      case NACK_ACTION_UNSPECIFIED, NACK_ACTION_RETRY, UNRECOGNIZED ->
          new Settlement.Retry(nack.hasDelay() ? bounded(nack.getDelay()) : null, text);
    };
  }

  private static Duration bounded(com.google.protobuf.Duration asked) {
    Duration time = WireDuration.orNull(asked);
    if (time == null) {
      return Duration.ZERO;
    }
    return time.compareTo(LONGEST) < 0 ? time : LONGEST;
  }

  private void settle(ByteString id, Settlement settlement, AcknowledgeResponse.Builder failures) {
    AckId read = AckId.read(id.toByteArray());
    if (read == null) {
      failures.addFailures(failure(id, MALFORMED, "this is no ack_id"));
      return;
    }
    switch (target.apply(read, settlement)) {
      case DONE -> {}
      case EXPIRED ->
          failures.addFailures(
              failure(id, "expired", "the delivery timed out or moved; the event comes again"));
      case NOT_HERE ->
          failures.addFailures(
              failure(
                  id,
                  "not_here",
                  "this gateway or stream did not make the delivery, or its stream has ended"));
    }
  }

  private static AcknowledgementFailure failure(ByteString id, String reason, String message) {
    return AcknowledgementFailure.newBuilder()
        .setAckId(id)
        .setReason(reason)
        .setMessage(message)
        .build();
  }
}
