package io.jimbot.eventbus.gateway.delay;

import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.kafka.StartingPoint;
import io.jimbot.eventbus.gateway.kafka.TopicFollower;
import io.jimbot.eventbus.gateway.telemetry.DelayMetrics;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.events.v1.DelayedReport;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * The gateway's side of delayed events, assembled: a publisher that refuses too many of them, and
 * what takes them back. Thread-safe; whoever starts it closes it, before the publisher.
 */
public final class DelayedEvents implements AutoCloseable {

  /** How old a report may be to be of interest at the start. */
  private static final Duration LOOK_BACK = Duration.ofMinutes(1);

  private final DelayedOccupancies occupancies;
  private final AdmittingPublisher publisher;
  private final CancellationDesk desk;
  private final TopicFollower tail;

  /**
   * Does no I/O.
   *
   * @param consumers makes a consumer without a group
   * @param timer for deadlines; its owner closes it
   */
  public DelayedEvents(
      DelaySettings settings,
      KafkaTopics topics,
      Publisher publisher,
      Supplier<Consumer<byte[], byte[]>> consumers,
      ScheduledExecutorService timer,
      DelayMetrics metrics) {
    Clock clock = Clock.systemUTC();
    this.occupancies = new DelayedOccupancies(settings.maxEvents(), settings.maxSize().toBytes());
    this.publisher =
        new AdmittingPublisher(publisher, topics.delayed(), occupancies, clock, metrics);
    ReportFold reports = new ReportFold(topics.delayed(), this::reported);
    this.tail =
        new TopicFollower(
            "delayed-reports",
            topics.delayedReports(),
            StartingPoint.recent(LOOK_BACK, clock),
            consumers,
            reports);
    this.desk =
        new CancellationDesk(
            topics.delayed(),
            publisher,
            reports::delayedPartitions,
            settings.cancelTimeout(),
            timer,
            metrics);
    metrics.watch(occupancies::events);
  }

  private void reported(DelayedReport report) {
    if (report.hasOccupancy()) {
      occupancies.report(
          report.getPartition(), report.getOccupancy(), report.getTime().getSeconds());
    } else if (report.hasCancellation()) {
      desk.report(report.getCancellation());
    }
  }

  /** The publisher that it was made with, but for delayed events when too many wait. */
  public Publisher publisher() {
    return publisher;
  }

  /** For the transports. */
  public Cancellations cancellations() {
    return desk;
  }

  /** Starts the tail's thread, and returns. */
  public void start() {
    tail.start();
  }

  /** Ends the tail, within seconds. May be called twice. */
  @Override
  public void close() {
    tail.close();
  }
}
