package io.jimbot.eventbus.bench.replay;

import io.jimbot.eventbus.bench.BrokerMain;
import io.jimbot.eventbus.bench.ChildJvm;
import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.processor.kafka.KafkaSettings;
import io.jimbot.eventbus.processor.replay.ReplayPart;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayBoard;
import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayRequest;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command that measures replays: at full speed beside a plain copy by one consumer and one
 * producer on the same broker, and in the original timing beside the original.
 */
@Command(
    name = "ReplayBench",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Measures replays beside a plain copy on the same broker.")
public final class ReplayBench implements Callable<Integer> {

  private static final KafkaTopics TOPICS = new KafkaTopics("jimbot");
  private static final KafkaTopics TIMED = new KafkaTopics("timed");
  private static final double NANOS_PER_SECOND = 1e9;
  private static final Duration POLL = Duration.ofMillis(10);
  private static final double WARM_UP_SPEED = 4;

  @Option(names = "--events", description = "Events of the log.")
  private int events = 1_000_000;

  @Option(names = "--rounds", description = "How often each is measured, after one to warm up.")
  private int rounds = 3;

  @Option(names = "--timed-events", description = "Events that are replayed in their timing.")
  private int timedEvents = 500;

  /** Measures. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ReplayBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("eventbus-replay-bench");
    try (ChildJvm broker =
        ChildJvm.start(BrokerMain.class, List.of("-Xmx1g"), directory.toString())) {
      BenchLog log = new BenchLog(broker.address());
      fullSpeed(log, broker.address());
      originalTiming(log, broker.address());
    }
    return 0;
  }

  private static ReplayPart part(String bootstrapServers, KafkaTopics topics) throws Exception {
    return new ReplayPart(
        new KafkaSettings(bootstrapServers, Map.of(), topics.prefix(), -1, 0),
        ProcessorConfiguration.load(null, Map.of()).replay(),
        new PrometheusRegistry());
  }

  private void fullSpeed(BenchLog log, String bootstrapServers) throws Exception {
    log.makeTopic(TOPICS.events());
    log.makeTopic(TOPICS.replays());
    long first = Instant.now().minus(Duration.ofHours(2)).toEpochMilli();
    long[] millis = new long[events];
    Arrays.setAll(millis, i -> first + i / 200);
    log.fill(TOPICS.events(), millis);
    System.out.println(log.count(TOPICS.events()) + " events in the log");
    System.out.println("| round | plain copy, events/s | replay, events/s | replay of copy |");
    System.out.println("|---|---|---|---|");
    try (ReplayPart part = part(bootstrapServers, TOPICS)) {
      part.start();
      for (int round = 0; round <= rounds; round++) {
        String copy = "copy-" + round;
        log.makeTopic(copy);
        double copied = events / (log.copy(TOPICS.events(), copy, events) / NANOS_PER_SECOND);
        Replay replay = run(log, TOPICS, request("full-" + round).build());
        Duration took =
            Duration.between(
                Times.instant(replay.progress().getStartedAt()),
                Times.instant(replay.progress().getFinishedAt()));
        double replayed = replay.progress().getEvents() * 1_000.0 / took.toMillis();
        System.out.println(
            String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f (%d events) | %.0f %% |",
                round == 0 ? "warm-up" : Integer.toString(round),
                copied,
                replayed,
                replay.progress().getEvents(),
                100 * replayed / copied));
      }
    }
  }

  private static ReplayRequest.Builder request(String id) {
    Instant now = Instant.now();
    return ReplayRequest.newBuilder()
        .setReplayId(id)
        .setUntil(Times.timestamp(now))
        .addTopics("**")
        .setOwnTopic(true)
        .setTimeToLive(Times.duration(Duration.ofMillis(1)))
        .setCreatedAt(Times.timestamp(now));
  }

  /** Asks for a replay, and returns when it is done. */
  private static Replay run(BenchLog log, KafkaTopics topics, ReplayRequest request)
      throws Exception {
    int partition = ReplayRecords.partition(request.getReplayId(), BenchLog.PARTITIONS);
    try (KafkaProducer<byte[], byte[]> producer = log.producer();
        KafkaConsumer<byte[], byte[]> consumer = log.consumer()) {
      producer.send(new ReplayRecords(topics.replays()).of(partition, request)).get();
      TopicPartition where = new TopicPartition(topics.replays(), partition);
      consumer.assign(List.of(where));
      consumer.seekToBeginning(List.of(where));
      ReplayBoard board = new ReplayBoard();
      while (true) {
        consumer.poll(POLL).forEach(board::add);
        Replay replay = board.find(request.getReplayId());
        if (replay != null && replay.state() instanceof ReplayState.Finished) {
          return replay;
        }
      }
    }
  }

  private void originalTiming(BenchLog log, String bootstrapServers) throws Exception {
    log.makeTopic(TIMED.events());
    log.makeTopic(TIMED.replays());
    log.makeTopic(TIMED.replay("timed"));
    Random random = new Random(2);
    long[] millis = new long[timedEvents];
    long at = Instant.now().minus(Duration.ofHours(2)).toEpochMilli();
    for (int i = 0; i < timedEvents; i++) {
      // Some at once, some close together, some far apart.
      at += new int[] {0, 3, 20, 100, 250}[random.nextInt(5)];
      millis[i] = at;
    }
    log.fill(TIMED.events(), millis);
    try (ReplayPart part = part(bootstrapServers, TIMED);
        KafkaConsumer<byte[], byte[]> consumer = log.consumer()) {
      part.start();
      // To warm up, as at full speed: a timed replay commits in another way.
      run(log, TIMED, request("warm-up").setSpeed(WARM_UP_SPEED).build());
      List<TopicPartition> partitions = BenchLog.partitions(consumer, TIMED.replay("timed"));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      FutureTask<Replay> replaying =
          new FutureTask<>(
              () -> run(log, TIMED, request("timed").setSpeed(1).setTimeToLive(hour()).build()));
      new Thread(replaying, "replaying").start();
      double[][] replayed = arrivals(consumer);
      replaying.get();
      System.out.println("| gaps | p50 ms off | p99 ms off | max ms off | within 20 ms |");
      System.out.println("|---|---|---|---|---|");
      report("of a replay, by their timestamps", replayed, millis, 0);
      report("of a replay, as they arrive at a consumer", replayed, millis, 1);
    }
    plainTiming(log, millis);
  }

  /** What a thread that sleeps and a producer without transactions make of the same timing. */
  private void plainTiming(BenchLog log, long[] millis) throws Exception {
    log.makeTopic("plain");
    try (KafkaConsumer<byte[], byte[]> consumer = log.consumer()) {
      List<TopicPartition> partitions = BenchLog.partitions(consumer, "plain");
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      FutureTask<Void> sending = new FutureTask<>(() -> log.send("plain", millis), null);
      new Thread(sending, "sending").start();
      double[][] sent = arrivals(consumer);
      sending.get();
      report("of a plain producer, by their timestamps", sent, millis, 0);
      report("of a plain producer, as they arrive", sent, millis, 1);
    }
  }

  private static com.google.protobuf.Duration hour() {
    return Times.duration(Duration.ofHours(1));
  }

  /** Each event's timestamp and when it arrived, in milliseconds, in the order of the former. */
  private double[][] arrivals(KafkaConsumer<byte[], byte[]> consumer) {
    double[][] arrivals = new double[timedEvents][];
    int read = 0;
    while (read < timedEvents) {
      for (ConsumerRecord<byte[], byte[]> event : consumer.poll(POLL)) {
        arrivals[read++] = new double[] {event.timestamp(), System.nanoTime() / 1e6};
      }
    }
    Arrays.sort(arrivals, Comparator.comparingDouble(arrival -> arrival[0]));
    return arrivals;
  }

  private static void report(String what, double[][] arrivals, long[] millis, int column) {
    double[] off = new double[millis.length - 1];
    for (int i = 0; i < off.length; i++) {
      double gap = arrivals[i + 1][column] - arrivals[i][column];
      off[i] = Math.abs(gap - (millis[i + 1] - millis[i]));
    }
    Arrays.sort(off);
    long within = Arrays.stream(off).filter(value -> value <= 20).count();
    System.out.println(
        String.format(
            Locale.ROOT,
            "| %s | %.1f | %.1f | %.1f | %d of %d |",
            what,
            off[off.length / 2],
            off[(int) (0.99 * off.length)],
            off[off.length - 1],
            within,
            off.length));
  }
}
