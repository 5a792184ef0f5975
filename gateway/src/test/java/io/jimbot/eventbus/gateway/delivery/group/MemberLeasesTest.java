package io.jimbot.eventbus.gateway.delivery.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MemberLeasesTest {

  private static final long OFFSET = 7;
  private static final AcknowledgementPolicy POLICY =
      new AcknowledgementPolicy(
          Duration.ofMinutes(1),
          3,
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          100,
          1 << 20,
          false);

  private final MemberLeases leases = leases();

  private static MemberLeases leases() {
    EventFilter all =
        new EventFilter(List.of(new TopicPattern("**")), Set.of(), Set.of(), Set.of(), Map.of());
    return new MemberLeases(
        1,
        "crew",
        new SubscriptionRequest(all, new Start.Now(), new Sharing.Group("crew", POLICY), false),
        POLICY,
        new GroupSettings(1, Duration.ofSeconds(1), 100, DataSize.mebibytes(1), 100, 100),
        MemberMetrics.ofGroups(new PrometheusRegistry()));
  }

  static Stream<Arguments> rebalances() {
    Consumer<MemberLeases> one = leases -> leases.revoke(0);
    Consumer<MemberLeases> all = MemberLeases::revokeAll;
    return Stream.of(one, all)
        .flatMap(
            lost ->
                Stream.of(
                        new Settlement.Retry(Duration.ZERO, "late"),
                        new Settlement.Park("late"),
                        new Settlement.Extend(Duration.ofDays(1)))
                    .map(late -> Arguments.of(lost, late)));
  }

  @ParameterizedTest
  @MethodSource("rebalances")
  void whatIsSaidOfADeliveryFromBeforeARebalanceDoesNotTouchTheOneSince(
      Consumer<MemberLeases> lost, Settlement late) {
    Delivery before = assignedAndDelivered();
    lost.accept(leases);
    Delivery since = assignedAndDelivered();

    assertThat(leases.settle(ackId(before), late)).isEqualTo(Settled.EXPIRED);
    assertThat(leases.outEvents()).isEqualTo(1);
    assertThat(leases.toPark()).isEmpty();
    // It comes as the first attempt, since neither has failed.
    assertThat(since.attempt()).isEqualTo(1);
    assertThat(leases.settle(ackId(since), new Settlement.Retry(Duration.ZERO, "now")))
        .isEqualTo(Settled.DONE);
    leases.tick();
    assertThat(next().attempt()).isEqualTo(2);
  }

  private Delivery assignedAndDelivered() {
    leases.assign(0, OFFSET, CommitNote.read("", OFFSET));
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("log", 0, OFFSET, new byte[] {1}, new byte[] {1});
    record.headers().add(HeaderNames.TOPIC, "game.state.update".getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_TYPE, "TEST".getBytes(UTF_8));
    leases.feed(new StoredEvent(record));
    return next();
  }

  private Delivery next() {
    return Objects.requireNonNull(leases.next());
  }

  private static AckId ackId(Delivery delivery) {
    return Objects.requireNonNull(delivery.ackId());
  }
}
