package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.gateway.delivery.group.GroupSubscriptions;
import io.jimbot.eventbus.gateway.delivery.tail.TailSettings;
import io.jimbot.eventbus.gateway.delivery.tail.TailSubscriptions;
import io.jimbot.eventbus.gateway.http.HttpSettings;
import io.jimbot.eventbus.gateway.http.LaterAnswers;
import io.jimbot.eventbus.gateway.http.ReplayResource;
import io.jimbot.eventbus.gateway.kafka.KafkaLink;
import io.jimbot.eventbus.gateway.replay.ReplayDesk;
import io.jimbot.eventbus.gateway.replay.ReplayRequests;
import io.jimbot.eventbus.gateway.telemetry.TailMetrics;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;

/**
 * Puts the gateway's part in managed replays together: the desk, its REST, and subscriptions of
 * their output. Thread-safe; whoever made it closes it.
 */
final class GatewayReplays implements AutoCloseable {

  private final ReplayDesk desk;
  private final ReplayTails tails;
  private final ReplayRelay relay;
  private final ReplayRequests requests;
  private final KafkaTopics topics;
  private final HttpSettings http;

  /** Does no I/O. */
  GatewayReplays(
      GatewayConfiguration configuration,
      KafkaLink kafka,
      GroupSubscriptions groups,
      PrometheusRegistry registry) {
    Clock clock = Clock.systemUTC();
    this.desk =
        new ReplayDesk(
            configuration.replays(),
            kafka.topics().replays(),
            kafka.publisher(),
            () -> kafka.newTailConsumer("eventbus-gateway-replays"),
            clock);
    TailSettings settings = configuration.delivery().tail().withCatchUpReaders(1);
    TailMetrics metrics = TailMetrics.ofReplays(registry);
    this.tails =
        new ReplayTails(
            topic ->
                new TailSubscriptions(
                    settings, topic, kafka::newTailConsumer, kafka::newSeekingConsumer, metrics));
    this.relay = new ReplayRelay(desk, kafka.topics(), tails, groups);
    this.requests = new ReplayRequests(configuration.replays(), clock);
    this.topics = kafka.topics();
    this.http = configuration.http();
  }

  /** For Jersey. */
  ReplayResource resource(LaterAnswers answers) {
    return new ReplayResource(desk, requests, topics, http, answers);
  }

  /** For subscriptions that name a replay. */
  ReplayRelay relay() {
    return relay;
  }

  /** Starts the threads, and returns. */
  void start() {
    desk.start();
    tails.start();
  }

  /** Bounded; may be called twice. */
  @Override
  public void close() {
    tails.close();
    desk.close();
  }
}
