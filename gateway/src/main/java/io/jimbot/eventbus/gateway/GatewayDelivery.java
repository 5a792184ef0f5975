package io.jimbot.eventbus.gateway;

import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.jimbot.eventbus.event.upcast.Upcasters;
import io.jimbot.eventbus.gateway.delivery.CurrentEvents;
import io.jimbot.eventbus.gateway.delivery.DeadLetterBox;
import io.jimbot.eventbus.gateway.delivery.GuardedSubscriptions;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.delivery.UpcastSubscriptions;
import io.jimbot.eventbus.gateway.delivery.games.GameStates;
import io.jimbot.eventbus.gateway.delivery.group.GroupSubscriptions;
import io.jimbot.eventbus.gateway.delivery.history.History;
import io.jimbot.eventbus.gateway.delivery.queue.QueueSubscriptions;
import io.jimbot.eventbus.gateway.delivery.tail.TailSubscriptions;
import io.jimbot.eventbus.gateway.delivery.trace.TracedSubscriptions;
import io.jimbot.eventbus.gateway.http.DeliveredJson;
import io.jimbot.eventbus.gateway.http.GamesResource;
import io.jimbot.eventbus.gateway.http.HistoryResource;
import io.jimbot.eventbus.gateway.http.LaterAnswers;
import io.jimbot.eventbus.gateway.kafka.KafkaLink;
import io.jimbot.eventbus.gateway.telemetry.HistoryMetrics;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.gateway.telemetry.TailMetrics;
import io.jimbot.eventbus.gateway.telemetry.Tracing;
import io.jimbot.eventbus.gateway.telemetry.UpcastMetrics;
import io.jimbot.eventbus.service.deadletter.DeadLetterRecords;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * Puts the gateway's way out together: the modes of subscription, reading back, the newest states
 * of games and replays. Thread-safe; whoever made it closes it.
 */
final class GatewayDelivery implements AutoCloseable {

  private final TailSubscriptions tails;
  private final GroupSubscriptions groups;
  private final QueueSubscriptions queues;
  private final History history;
  private final int historyPages;
  private final GatewayReplays replays;
  private final GameStates gameStates;
  private final CurrentEvents currentEvents;
  private final Subscriptions subscriptions;

  /** Does no I/O. */
  GatewayDelivery(
      GatewayConfiguration configuration,
      Upcasters upcasters,
      KafkaLink kafka,
      Tracing tracing,
      PrometheusRegistry registry) {
    DeliverySettings settings = configuration.delivery();
    String log = kafka.topics().events();
    this.tails =
        new TailSubscriptions(
            settings.tail(),
            log,
            kafka::newTailConsumer,
            kafka::newSeekingConsumer,
            new TailMetrics(registry));
    MemberMetrics groupMetrics = MemberMetrics.ofGroups(registry);
    this.groups =
        new GroupSubscriptions(
            settings.group(), kafka, deadLetterBox(kafka, groupMetrics), groupMetrics);
    MemberMetrics queueMetrics = MemberMetrics.ofQueues(registry);
    this.queues =
        new QueueSubscriptions(
            settings.queue(), log, kafka, deadLetterBox(kafka, queueMetrics), queueMetrics);
    this.history =
        new History(
            settings.history(),
            kafka.topics(),
            number -> kafka.newSeekingConsumer("eventbus-history-" + number),
            new HistoryMetrics(registry));
    this.historyPages = settings.history().maxPages();
    this.replays = new GatewayReplays(configuration, kafka, groups, registry);
    this.gameStates = new GameStates(settings.games(), kafka);
    this.currentEvents = new CurrentEvents(upcasters, new UpcastMetrics(registry));
    this.subscriptions =
        new GuardedSubscriptions(
            TracedSubscriptions.around(
                new UpcastSubscriptions(
                    new Relay(tails, groups, queues, replays.relay(), log), currentEvents),
                tracing));
  }

  private static DeadLetterBox deadLetterBox(KafkaLink kafka, MemberMetrics metrics) {
    return new DeadLetterBox(
        new DeadLetterRecords(kafka.topics().deadLetters()), kafka.publisher(), metrics);
  }

  /** For the transports, in every mode. */
  Subscriptions subscriptions() {
    return subscriptions;
  }

  /** Registers what is asked for and answered at once. */
  void register(JerseyEnvironment jersey, DeliveredJson json, LaterAnswers answers) {
    jersey.register(new HistoryResource(history, historyPages, currentEvents, json, answers));
    jersey.register(new GamesResource(gameStates, json, answers));
    jersey.register(replays.resource(answers));
  }

  /** Starts the threads, and returns. */
  void start() {
    tails.start();
    history.start();
    replays.start();
    gameStates.start();
  }

  /** Members leave their groups, then the rest ends; bounded, may be called twice. */
  @Override
  public void close() {
    tails.close();
    groups.close();
    queues.close();
    history.close();
    replays.close();
    gameStates.close();
  }
}
