package io.jimbot.eventbus.gateway.command;

import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.kafka.StartingPoint;
import io.jimbot.eventbus.gateway.kafka.TopicFollower;
import io.jimbot.eventbus.gateway.telemetry.CommandMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * The command channel of one gateway: puts desk and tail together and owns their life. The
 * constructor does no I/O, and {@link #start} does not wait. Thread-safe; whoever made it closes
 * it, after the transports have stopped and before the publisher is closed.
 */
public final class CommandChannel implements AutoCloseable {

  /** How far the clocks of gateways and brokers may differ at the start. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private final CommandDesk desk;
  private final TopicFollower tail;

  /**
   * Does no I/O.
   *
   * @param topic the commands topic
   * @param publisher takes the records
   * @param consumers makes a consumer without a group
   * @param games knows which game a sender plays
   * @param timer for deadlines; its owner closes it
   * @param registry gets the metrics {@code eventbus_commands_*}
   */
  public CommandChannel(
      CommandSettings settings,
      String topic,
      Publisher publisher,
      Supplier<Consumer<byte[], byte[]>> consumers,
      GamesSeen games,
      ScheduledExecutorService timer,
      PrometheusRegistry registry) {
    Clock clock = Clock.systemUTC();
    CommandMetrics metrics = new CommandMetrics(registry);
    this.desk =
        new CommandDesk(
            settings, new CommandRecords(topic), publisher, games, timer, clock, metrics);
    // Older ones do not live any more.
    StartingPoint start = StartingPoint.recent(settings.maxTimeToLive().plus(CLOCK_SKEW), clock);
    this.tail = new TopicFollower("commands-tail", topic, start, consumers, desk);
    metrics.watch(desk::pending, tail::lag);
  }

  /** Starts the tail's thread, and returns. */
  public void start() {
    tail.start();
  }

  /** For the transports. */
  public Commands commands() {
    return desk;
  }

  /** Ends the tail, within seconds. May be called twice. */
  @Override
  public void close() {
    tail.close();
  }
}
