package io.jimbot.eventbus.gateway.delivery.tail;

import io.jimbot.eventbus.gateway.delivery.LogReader;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.telemetry.TailMetrics;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All tail subscriptions of a gateway. Those that keep up share one Kafka consumer, and a bounded
 * number of further ones serves those that do not. Thread-safe; whoever made it closes it.
 */
public final class TailSubscriptions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TailSubscriptions.class);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private final TailSettings settings;
  private final String log;
  private final TailMetrics metrics;
  private final SharedReader shared;
  private final CatchUpReaders catchUp;
  private final Set<TailSubscription> open = ConcurrentHashMap.newKeySet();
  private final TailMetrics.Watched watched;

  /**
   * Does no I/O.
   *
   * @param log the Kafka topic of the log
   * @param following makes a consumer that stays at the log's end, by its client id
   * @param seeking makes a consumer that reads now here, now there, by its client id
   */
  public TailSubscriptions(
      TailSettings settings,
      String log,
      Function<String, Consumer<byte[], byte[]>> following,
      Function<String, Consumer<byte[], byte[]>> seeking,
      TailMetrics metrics) {
    this.settings = settings;
    this.log = log;
    this.metrics = metrics;
    this.shared =
        new SharedReader(
            () -> new LogReader(following.apply("eventbus-tail-shared"), log),
            settings.recentSize().toBytes(),
            this::catchUp,
            metrics);
    this.catchUp =
        new CatchUpReaders(
            settings.catchUpReaders(),
            number -> new LogReader(seeking.apply("eventbus-tail-catch-up-" + number), log),
            new CatchUpTurn(new StartPlaces(log), shared, settings.repeatKeys(), metrics),
            metrics);
    this.watched =
        new TailMetrics.Watched(
            open::size,
            () -> (int) open.stream().filter(TailSubscription::isWaiting).count(),
            () -> open.stream().mapToLong(TailSubscription::windowBytes).sum(),
            shared::recentBytes,
            shared::lag);
    metrics.watch(watched);
  }

  /** How many are open. */
  public int size() {
    return open.size();
  }

  /** Starts the readers' threads, and returns. */
  public void start() {
    shared.start();
    catchUp.start();
  }

  private void catchUp(TailSubscription subscription) {
    catchUp.add(subscription);
  }

  /** As {@code Subscriptions.open} says; the request's sharing is not looked at. */
  public Subscription open(SubscriptionRequest request, Subscriber subscriber) {
    TailSubscription subscription =
        new TailSubscription(
            request,
            subscriber,
            log,
            settings.windowEvents(),
            this::windowBytes,
            settings.repeatKeys(),
            shared::join,
            open::remove,
            metrics);
    open.add(subscription);
    if (open.size() > settings.maxSubscriptions()) {
      refuse(subscription, "subscriptions", settings.maxSubscriptions());
    } else if (request.deduplicate() && deduplicating() > settings.maxDeduplicating()) {
      refuse(subscription, "subscriptions with deduplicate", settings.maxDeduplicating());
    } else if (request.start() instanceof Start.Now) {
      shared.joinAtEnd(subscription);
    } else {
      catchUp.add(subscription);
    }
    return subscription;
  }

  private long deduplicating() {
    return open.stream().filter(each -> each.request().deduplicate()).count();
  }

  private void refuse(TailSubscription subscription, String what, int most) {
    metrics.refused("too_many_subscriptions");
    subscription.end(
        new SubscriptionFault(
            SubscriptionFault.Kind.EXHAUSTED,
            "too_many_subscriptions",
            "",
            "this gateway has as many " + what + " as it may have: " + most));
  }

  /** What may wait for one of them now. */
  private long windowBytes() {
    long share = settings.windowsSize().toBytes() / Math.max(1, open.size());
    return Math.max(1, Math.min(settings.windowSize().toBytes(), share));
  }

  /** Ends all subscriptions without a word, and the threads; bounded, may be called twice. */
  @Override
  public void close() {
    open.forEach(TailSubscription::close);
    metrics.forget(watched);
    try {
      shared.close(CLOSE_PATIENCE);
      catchUp.close(CLOSE_PATIENCE);
    } catch (InterruptedException e) {
      LOG.debug("interrupted while the tail readers end");
      Thread.currentThread().interrupt();
    }
  }
}
