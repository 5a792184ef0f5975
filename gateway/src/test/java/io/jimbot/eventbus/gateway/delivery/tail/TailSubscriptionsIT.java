package io.jimbot.eventbus.gateway.delivery.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.gateway.delivery.LogUnderTest;
import io.jimbot.eventbus.gateway.delivery.RecordingSubscriber;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.telemetry.TailMetrics;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TailSubscriptionsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Start NOW = new Start.Now();
  private static final Start EARLIEST = new Start.Earliest();
  private static final TailSettings SETTINGS =
      new TailSettings(
          2_000,
          50,
          DataSize.kibibytes(64),
          DataSize.mebibytes(16),
          DataSize.kibibytes(256),
          2,
          1_000,
          8);

  private static final AtomicInteger LOGS = new AtomicInteger();

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private LogUnderTest log;
  private TailSubscriptions tails;

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = TestKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @BeforeEach
  void startTails(TestInfo test) throws Exception {
    log =
        new LogUnderTest(
            kafka.bootstrapServers(),
            test.getTestMethod().orElseThrow().getName() + LOGS.incrementAndGet(),
            3);
    tails = newTails(metrics);
  }

  private TailSubscriptions newTails(PrometheusRegistry registry) {
    TailSubscriptions made =
        new TailSubscriptions(
            SETTINGS, log.topic(), log::tailConsumer, log::tailConsumer, new TailMetrics(registry));
    made.start();
    return made;
  }

  @AfterEach
  void stopTails() {
    tails.close();
    log.close();
  }

  @Test
  void aSubscriberFromNowOnGetsExactlyWhatIsStoredAfterItHasBegun() {
    log.appendMany(0, 20);
    RecordingSubscriber subscriber = new RecordingSubscriber(true);
    tails.open(request(NOW), subscriber);
    awaitStart(subscriber);
    log.appendMany(20, 30);

    awaitCount(subscriber, 30);
    assertThat(ids(subscriber)).containsExactlyInAnyOrderElementsOf(events(20, 30));
  }

  @Test
  void aSubscriberFromTheEarliestGetsEverythingInTheOrderOfEachPartition() {
    log.appendMany(0, 500);
    RecordingSubscriber subscriber = new RecordingSubscriber(true);
    tails.open(request(EARLIEST), subscriber);
    awaitStart(subscriber);
    log.appendMany(500, 100);

    awaitCount(subscriber, 600);
    assertThat(ids(subscriber)).containsExactlyInAnyOrderElementsOf(events(0, 600));
    assertInOrder(subscriber);
  }

  @Test
  void aSubscriberFromATimeGetsWhatWasTakenInSince() {
    log.appendMany(0, 10);
    Instant between = Instant.now().plusMillis(5);
    await().until(() -> Instant.now().isAfter(between));
    log.appendMany(10, 10);
    RecordingSubscriber subscriber = new RecordingSubscriber(true);
    tails.open(request(new Start.At(between)), subscriber);

    awaitCount(subscriber, 10);
    assertThat(ids(subscriber)).containsExactlyInAnyOrderElementsOf(events(10, 10));
  }

  @Test
  void onlyWhatTheFilterWantsIsDelivered() throws Exception {
    log.append("game.state.update", "a", "1").get();
    log.append("system.heartbeat", "a", "2").get();
    log.append("game.state.update", "b", "3").get();
    RecordingSubscriber subscriber = new RecordingSubscriber(true);
    EventFilter filter =
        new EventFilter(
            List.of(new TopicPattern("game.**")), Set.of(), Set.of(), Set.of("a"), Map.of());
    tails.open(new SubscriptionRequest(filter, EARLIEST, new Sharing.Tail(), false), subscriber);
    awaitStart(subscriber);
    log.append("game.state.update", "a", "4").get();

    awaitCount(subscriber, 2);
    assertThat(ids(subscriber)).containsExactly("1", "4");
  }

  @Test
  void aSubscriberThatDoesNotReadDelaysNobodyAndGetsEverythingLater() {
    RecordingSubscriber slow = new RecordingSubscriber(false);
    Subscription slowOne = tails.open(request(NOW), slow);
    List<RecordingSubscriber> others = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      others.add(new RecordingSubscriber(true));
      tails.open(request(NOW), others.get(i));
    }
    awaitStart(slow);
    others.forEach(TailSubscriptionsIT::awaitStart);
    log.appendMany(0, 5_000);

    others.forEach(other -> awaitCount(other, 5_000));
    assertThat(slow.count()).isZero();
    slow.setReady(true);
    slowOne.resume();
    awaitCount(slow, 5_000);
    assertThat(ids(slow)).containsExactlyInAnyOrderElementsOf(events(0, 5_000));
    assertInOrder(slow);
    log.appendMany(5_000, 10);
    awaitCount(slow, 5_010);
  }

  @Test
  void aTokenOfOneGatewayIsTakenByAnotherWithoutAGapOrARepeat() {
    Random random = new Random(7);
    PrometheusRegistry otherRegistry = new PrometheusRegistry();
    try (TailSubscriptions other = newTails(otherRegistry)) {
      List<String> all = new ArrayList<>();
      Start start = EARLIEST;
      int appended = 0;
      for (int round = 0; round < 8; round++) {
        int more = 1 + random.nextInt(300);
        int part = 1 + random.nextInt(appended + more - all.size());
        // Stops in the middle, most often with events waiting in the window.
        RecordingSubscriber subscriber = new RecordingSubscriber(true).upTo(part);
        Subscription subscription =
            (round % 2 == 0 ? tails : other).open(request(start), subscriber);
        log.appendMany(appended, more);
        appended += more;
        awaitCount(subscriber, part);
        ResumeToken token = stoppedAt(subscription, subscriber);
        all.addAll(ids(subscriber));
        start = new Start.Resume(token);
      }
      RecordingSubscriber last = new RecordingSubscriber(true);
      tails.open(request(start), last);
      int missing = appended - all.size();
      awaitCount(last, missing);
      all.addAll(ids(last));
      assertThat(all).containsExactlyInAnyOrderElementsOf(events(0, appended));
    }
  }

  /** The token once nothing more is being given. */
  private static ResumeToken stoppedAt(Subscription subscription, RecordingSubscriber subscriber) {
    int[] count = {-1};
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              int before = count[0];
              count[0] = subscriber.count();
              return before == count[0] && subscriber.isStarted();
            });
    ResumeToken token = subscription.position();
    subscription.close();
    return Objects.requireNonNull(token);
  }

  @Test
  void aTokenOfAnotherLogIsRefused() {
    RecordingSubscriber subscriber = new RecordingSubscriber(true);
    tails.open(
        request(new Start.Resume(ResumeToken.of("another", new long[] {0, 0, 0}))), subscriber);

    await().atMost(PATIENCE).until(() -> subscriber.fault() != null);
    assertThat(fault(subscriber).kind()).isEqualTo(SubscriptionFault.Kind.INVALID);
    assertThat(fault(subscriber).field()).isEqualTo("start.resume_token");
  }

  @Test
  void aRepetitionArrivesOnceAlsoAcrossAResume() throws Exception {
    log.append("game.state.update", "a", "1").get();
    RecordingSubscriber first = new RecordingSubscriber(true);
    Subscription subscription = tails.open(deduplicated(EARLIEST), first);
    awaitCount(first, 1);
    ResumeToken token = stoppedAt(subscription, first);
    log.append("game.state.update", "a", "1").get();
    log.append("game.state.update", "a", "2").get();
    log.append("game.state.update", "a", "2").get();
    RecordingSubscriber second = new RecordingSubscriber(true);
    tails.open(deduplicated(new Start.Resume(token)), second);
    awaitCount(second, 1);
    log.append("game.state.update", "a", "3").get();

    awaitCount(second, 2);
    assertThat(ids(second)).containsExactly("2", "3");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whenTheSharedReaderLosesItsPlaceOrFailsEachSubscriberReadsOnAlone(boolean bug) {
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    try (TailSubscriptions failing =
        new TailSubscriptions(
            SETTINGS,
            log.topic(),
            id -> failingOnce(log.tailConsumer(id), failure),
            log::tailConsumer,
            new TailMetrics(new PrometheusRegistry()))) {
      failing.start();
      RecordingSubscriber first = new RecordingSubscriber(true);
      failing.open(request(NOW), first);
      awaitStart(first);
      log.appendMany(0, 10);
      awaitCount(first, 10);
      failure.set(
          bug
              ? new IllegalStateException("a bug")
              : new OffsetOutOfRangeException(Map.of(new TopicPartition(log.topic(), 0), 3L)));
      await().atMost(PATIENCE).until(() -> failure.get() == null);
      log.appendMany(10, 10);
      RecordingSubscriber second = new RecordingSubscriber(true);
      failing.open(request(NOW), second);
      awaitStart(second);
      log.appendMany(20, 10);

      awaitCount(first, 30);
      assertInOrder(first);
      assertThat(first.fault()).isNull();
    }
  }

  @Test
  void aSharedReaderThatIsWokenUpWhileItGoesBackToItsPlaceNeedsNoOtherConsumer() {
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    AtomicReference<RuntimeException> wakeUp = new AtomicReference<>(new WakeupException());
    AtomicInteger consumers = new AtomicInteger();
    try (TailSubscriptions failing =
        new TailSubscriptions(
            SETTINGS,
            log.topic(),
            id -> {
              Consumer<byte[], byte[]> next = failingOnce(log.tailConsumer(id), failure);
              return consumers.incrementAndGet() == 2
                  ? failingOnce("partitionsFor", next, wakeUp)
                  : next;
            },
            log::tailConsumer,
            new TailMetrics(new PrometheusRegistry()))) {
      failing.start();
      RecordingSubscriber subscriber = new RecordingSubscriber(true);
      failing.open(request(NOW), subscriber);
      awaitStart(subscriber);
      failure.set(new KafkaException("Kafka is away"));
      await().atMost(PATIENCE).until(() -> wakeUp.get() == null);
      log.appendMany(0, 10);

      awaitCount(subscriber, 10);
      assertThat(consumers).hasValue(2);
    }
  }

  /** A consumer whose next poll throws what is set, and forgets it. */
  private static Consumer<byte[], byte[]> failingOnce(
      Consumer<byte[], byte[]> real, AtomicReference<RuntimeException> failure) {
    return failingOnce("poll", real, failure);
  }

  @SuppressWarnings("unchecked")
  private static Consumer<byte[], byte[]> failingOnce(
      String name, Consumer<byte[], byte[]> real, AtomicReference<RuntimeException> failure) {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            TailSubscriptionsIT.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) -> {
              RuntimeException next =
                  method.getName().equals(name) ? failure.getAndSet(null) : null;
              if (next != null) {
                throw next;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void oneMoreThanTheLimitIsRefused() {
    try (TailSubscriptions few = few(1, 1, new TailMetrics(new PrometheusRegistry()))) {
      few.open(request(NOW), new RecordingSubscriber(true));
      RecordingSubscriber second = new RecordingSubscriber(true);
      few.open(request(NOW), second);

      assertThat(fault(second).kind()).isEqualTo(SubscriptionFault.Kind.EXHAUSTED);
    }
  }

  @Test
  void oneMoreThatWantsNoRepeatsThanTheLimitIsRefused() {
    try (TailSubscriptions few = few(8, 1, new TailMetrics(new PrometheusRegistry()))) {
      few.open(deduplicated(NOW), new RecordingSubscriber(true));
      RecordingSubscriber second = new RecordingSubscriber(true);
      few.open(deduplicated(NOW), second);
      RecordingSubscriber plain = new RecordingSubscriber(true);
      few.open(request(NOW), plain);

      assertThat(fault(second).kind()).isEqualTo(SubscriptionFault.Kind.EXHAUSTED);
      awaitStart(plain);
    }
  }

  @Test
  void whatWaitsForAllSubscribersTogetherIsBounded() {
    PrometheusRegistry registry = new PrometheusRegistry();
    try (TailSubscriptions many = few(64, 1, new TailMetrics(registry))) {
      List<RecordingSubscriber> idle = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        idle.add(new RecordingSubscriber(false));
        many.open(request(NOW), idle.get(i));
      }
      log.appendMany(0, 2_000);

      await().atMost(PATIENCE).until(() -> gauge(registry, "subscriptions_waiting") == 64);
      // A share of 1 KiB each; the last event of a window may pass it.
      assertThat(gauge(registry, "window_bytes")).isBetween(1.0, 64 * 1024.0 + 64 * 512);
    }
  }

  private static double gauge(PrometheusRegistry registry, String name) {
    return registry.scrape().stream()
        .filter(s -> s.getMetadata().getName().equals("eventbus_tail_" + name))
        .map(GaugeSnapshot.class::cast)
        .mapToDouble(s -> s.getDataPoints().get(0).getValue())
        .sum();
  }

  private TailSubscriptions few(int most, int mostDeduplicating, TailMetrics metrics) {
    TailSubscriptions few =
        new TailSubscriptions(
            new TailSettings(
                most,
                10_000,
                DataSize.mebibytes(1),
                DataSize.kibibytes(64),
                DataSize.kibibytes(64),
                1,
                1,
                mostDeduplicating),
            log.topic(),
            log::tailConsumer,
            log::tailConsumer,
            metrics);
    few.start();
    return few;
  }

  private static SubscriptionRequest request(Start start) {
    return new SubscriptionRequest(everything(), start, new Sharing.Tail(), false);
  }

  private static SubscriptionRequest deduplicated(Start start) {
    return new SubscriptionRequest(everything(), start, new Sharing.Tail(), true);
  }

  private static EventFilter everything() {
    return new EventFilter(List.of(new TopicPattern("**")), Set.of(), Set.of(), Set.of(), Map.of());
  }

  private static SubscriptionFault fault(RecordingSubscriber subscriber) {
    return Objects.requireNonNull(subscriber.fault());
  }

  private static void awaitStart(RecordingSubscriber subscriber) {
    await().atMost(PATIENCE).until(subscriber::isStarted);
  }

  private static void awaitCount(RecordingSubscriber subscriber, int count) {
    await().atMost(PATIENCE).until(() -> subscriber.count() >= count);
    assertThat(subscriber.deliveries()).hasSize(count);
  }

  private static List<String> ids(RecordingSubscriber subscriber) {
    return subscriber.deliveries().stream().map(LogUnderTest::id).toList();
  }

  private static List<String> events(int from, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      ids.add("event-" + i);
    }
    return ids;
  }

  private static void assertInOrder(RecordingSubscriber subscriber) {
    Set<String> seen = new HashSet<>(subscriber.places());
    assertThat(seen).hasSize(subscriber.count());
    for (int partition = 0; partition < 3; partition++) {
      int wanted = partition;
      assertThat(
              subscriber.deliveries().stream()
                  .filter(d -> d.event().partition() == wanted)
                  .map(d -> d.event().offset())
                  .toList())
          .isSorted();
    }
  }
}
