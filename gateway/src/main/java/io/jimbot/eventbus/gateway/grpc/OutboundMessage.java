package io.jimbot.eventbus.gateway.grpc;

import com.google.protobuf.Message;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message of a subscription on its way out. Immutable. */
public sealed interface OutboundMessage {

  /**
   * Anything but deliveries.
   *
   * @param message the response
   */
  record Other(Message message) implements OutboundMessage {}

  /**
   * Deliveries, whose events are written as they are stored.
   *
   * @param deliveries at least one
   * @param resumeToken stands for everything up to them; null if there is none
   */
  record Events(List<Delivery> deliveries, @Nullable ResumeToken resumeToken)
      implements OutboundMessage {}
}
