package io.jimbot.eventbus.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeasedSubscriptionTest {

  private static final long ID = 7;
  private static final Settlement ACK = new Settlement.Acknowledge();

  private final List<AckId> settled = new ArrayList<>();

  private final LeasedSubscription subscription =
      new LeasedSubscription(
          ID,
          new RecordingSubscriber(true),
          new RecordingLeases(),
          MemberMetrics.ofGroups(new PrometheusRegistry()),
          () -> {},
          () -> {});

  @Test
  void settlesItsOwnDeliveries() {
    AckId own = new AckId(ID, 0, 42, 1);

    assertThat(subscription.settle(own, ACK)).isEqualTo(Settled.DONE);
    assertThat(settled).containsExactly(own);
  }

  @Test
  void settlesNoDeliveryOfAnotherSubscription() {
    assertThat(subscription.settle(new AckId(ID + 1, 0, 42, 1), ACK)).isEqualTo(Settled.NOT_HERE);
    assertThat(settled).isEmpty();
  }

  /** Settles everything. */
  private final class RecordingLeases implements Leases {
    @Override
    public @Nullable Delivery next() {
      return null;
    }

    @Override
    public Settled settle(AckId id, Settlement settlement) {
      settled.add(id);
      return Settled.DONE;
    }
  }
}
