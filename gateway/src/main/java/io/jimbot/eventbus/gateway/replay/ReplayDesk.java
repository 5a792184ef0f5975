package io.jimbot.eventbus.gateway.replay;

import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.kafka.StartingPoint;
import io.jimbot.eventbus.gateway.kafka.TopicFollower;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayBoard;
import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayRequest;
import io.jimbot.events.v1.ReplayWish;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The managed replays of one gateway: all that the replays topic tells, and what is to be added to
 * it. The constructor does no I/O, and {@link #start()} does not wait. Thread-safe; whoever made it
 * closes it.
 */
public final class ReplayDesk implements Replays, AutoCloseable {

  private static final int ATTEMPTS = 5;
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

  /** Far below the day for which Kafka keeps the records that say that a replay is gone. */
  private static final Duration PLACE_HOLDS = Duration.ofHours(1);

  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final ReplaySettings settings;
  private final ReplayRecords records;
  private final Publisher publisher;
  private final Clock clock;
  private final ReplayBoard board = new ReplayBoard();
  private final TopicFollower tail;
  private final SecureRandom random = new SecureRandom();

  /**
   * Does no I/O.
   *
   * @param topic the replays topic
   * @param publisher takes the records
   * @param consumers makes a consumer without a group that sees what is committed
   */
  public ReplayDesk(
      ReplaySettings settings,
      String topic,
      Publisher publisher,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Clock clock) {
    this.settings = settings;
    this.records = new ReplayRecords(topic);
    this.publisher = publisher;
    this.clock = clock;
    this.tail =
        new TopicFollower(
            "replays-tail",
            topic,
            StartingPoint.beginning(),
            consumers,
            new ReplayFold(board),
            PLACE_HOLDS,
            clock);
  }

  /** Starts the tail's thread, and returns. */
  public void start() {
    tail.start();
  }

  @Override
  public List<Replay> all() {
    return board.all();
  }

  @Override
  public @Nullable Replay find(String id) {
    return board.find(id);
  }

  @Override
  public boolean isReady() {
    return tail.isCaughtUp();
  }

  @Override
  public CompletableFuture<ReplayOutcome> start(ReplayRequest.Builder request) {
    ReplayOutcome refusal = refusal();
    if (refusal != null) {
      return CompletableFuture.completedFuture(refusal);
    }
    Instant now = clock.instant();
    ReplayRequest whole =
        request.setReplayId(newId(now)).setCreatedAt(Times.timestamp(now)).build();
    String id = whole.getReplayId();
    return store(records.of(ReplayRecords.partition(id, tail.partitions()), whole), id);
  }

  private @Nullable ReplayOutcome refusal() {
    if (tail.partitions() == 0 || !tail.isCaughtUp()) {
      return new ReplayOutcome.Refused(
          ReplayOutcome.Kind.UNAVAILABLE,
          "replays_unavailable",
          "the topic of replays cannot be read: a processor makes it when it is started");
    }
    List<Replay> all = board.all();
    long unfinished =
        all.stream().filter(replay -> replay.state() instanceof ReplayState.Unfinished).count();
    return unfinished >= settings.maxUnfinished() || all.size() >= settings.maxKept()
        ? new ReplayOutcome.Refused(
            ReplayOutcome.Kind.EXHAUSTED,
            "too_many_replays",
            "there are as many replays as there may be: cancel or delete some")
        : null;
  }

  /** In the order of time for the eye; not to be guessed. */
  private String newId(Instant now) {
    return ID_TIME.format(now) + String.format(Locale.ROOT, "-%08x", random.nextInt());
  }

  @Override
  public CompletableFuture<ReplayOutcome> wish(String id, ReplayAction action) {
    Replay replay = board.find(id);
    if (replay == null) {
      return CompletableFuture.completedFuture(unknown(id));
    }
    boolean ending = action == ReplayAction.REPLAY_ACTION_DELETE;
    if (!ending && replay.wish() == ReplayAction.REPLAY_ACTION_DELETE) {
      return CompletableFuture.completedFuture(conflict("the replay is being deleted"));
    }
    if (!ending && replay.state() instanceof ReplayState.Finished finished) {
      return CompletableFuture.completedFuture(
          conflict("the replay has ended: it is " + finished.word()));
    }
    if (!ending && replay.wish() == ReplayAction.REPLAY_ACTION_CANCEL) {
      return CompletableFuture.completedFuture(conflict("the replay is being cancelled"));
    }
    return store(
        records.of(
            replay.partition(),
            ReplayWish.newBuilder()
                .setReplayId(id)
                .setAction(action)
                .setWishedAt(Times.timestamp(clock.instant()))
                .build()),
        id);
  }

  private ReplayOutcome unknown(String id) {
    return isReady()
        ? new ReplayOutcome.Refused(
            ReplayOutcome.Kind.UNKNOWN, "unknown_replay", "there is no replay '" + id + "'")
        : new ReplayOutcome.Refused(
            ReplayOutcome.Kind.UNAVAILABLE,
            "replays_unavailable",
            "what there is of replays is not known yet");
  }

  private static ReplayOutcome conflict(String message) {
    return new ReplayOutcome.Refused(ReplayOutcome.Kind.CONFLICT, "replay_ended", message);
  }

  private CompletableFuture<ReplayOutcome> store(ProducerRecord<byte[], byte[]> record, String id) {
    CompletableFuture<ReplayOutcome> answer = new CompletableFuture<>();
    publish(record, id, ATTEMPTS, answer);
    return answer;
  }

  /** The first record for a topic is refused while the producer learns where the topic is. */
  private void publish(
      ProducerRecord<byte[], byte[]> record,
      String id,
      int attempts,
      CompletableFuture<ReplayOutcome> answer) {
    publisher.publish(
        record,
        outcome -> {
          if (attempts > 1 && outcome instanceof PublishOutcome.Unavailable) {
            LATER.execute(() -> publish(record, id, attempts - 1, answer));
          } else {
            answer.complete(outcome(outcome, record, id));
          }
        });
  }

  private ReplayOutcome outcome(
      PublishOutcome outcome, ProducerRecord<byte[], byte[]> record, String id) {
    return outcome.match(
        stored -> {
          // The tail sees it too, now or later; whoever asks this gateway next shall know of it.
          board.add(
              new ConsumerRecord<>(
                  stored.topic(),
                  stored.partition(),
                  stored.offset(),
                  record.key(),
                  record.value()));
          Replay replay = board.find(id);
          return replay == null ? unknown(id) : new ReplayOutcome.Done(replay);
        },
        unavailable ->
            new ReplayOutcome.Refused(
                ReplayOutcome.Kind.UNAVAILABLE, unavailable.reason(), unavailable.message()),
        impossible ->
            new ReplayOutcome.Refused(
                ReplayOutcome.Kind.UNAVAILABLE, impossible.reason(), impossible.message()));
  }

  /** Ends the tail, within seconds. May be called twice. */
  @Override
  public void close() {
    tail.close();
  }
}
