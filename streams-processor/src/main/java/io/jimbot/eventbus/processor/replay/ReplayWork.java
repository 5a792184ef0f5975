package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.kept.KeptEvents;
import io.jimbot.eventbus.service.kept.LaneReader;
import io.jimbot.eventbus.service.kept.Mended;
import io.jimbot.eventbus.service.kept.PartitionEnds;
import io.jimbot.eventbus.service.kept.Stretch;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayProgress;
import io.jimbot.events.v1.ReplayRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what there is to be done for a replay, from taking it over to giving it back. Every method
 * blocks, and throws a {@link KafkaException} if it cannot go on; then all is as it was at the last
 * commit. Thread-safe, for one thread per replay.
 */
final class ReplayWork {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayWork.class);

  private final ReplaySettings settings;
  private final KafkaTopics topics;
  private final ReplayClients clients;
  private final PartitionEnds ends;
  private final ReplayLedger ledger;
  private final ReplayOutputs outputs;
  private final ReplayRecords records;
  private final ReplayMetrics metrics;
  private final Clock clock;

  ReplayWork(
      ReplaySettings settings,
      KafkaTopics topics,
      ReplayClients clients,
      PartitionEnds ends,
      ReplayLedger ledger,
      ReplayOutputs outputs,
      ReplayMetrics metrics,
      Clock clock) {
    this.settings = settings;
    this.topics = topics;
    this.clients = clients;
    this.ends = ends;
    this.ledger = ledger;
    this.outputs = outputs;
    this.records = new ReplayRecords(topics.replays());
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Does it, unless there is something else to be done by now, which is for other threads.
   *
   * @return where the replay stands now; null if nothing was done, or it is gone
   */
  @Nullable ReplayState perform(String id, int partition, Duty duty, ReplayControl control)
      throws InterruptedException {
    try (ReplayJournal journal = open(id, partition)) {
      Replay replay = ledger.find(id, partition);
      if (replay == null) {
        return null;
      }
      control.wish(replay.wish());
      if (Duty.of(replay, clock.instant(), settings.keepFinished()) != duty) {
        return null;
      }
      return switch (duty) {
        case NONE -> null;
        case RUN -> run(replay, journal, control);
        case SETTLE -> settle(replay, journal);
        case EXPIRE -> expire(replay, journal);
        case FORGET -> forget(replay, journal);
      };
    }
  }

  /** It cannot go on. */
  @Nullable ReplayState fail(String id, int partition, String why) throws InterruptedException {
    try (ReplayJournal journal = open(id, partition)) {
      Replay replay = ledger.find(id, partition);
      return replay == null ? null : fail(replay, journal, why);
    }
  }

  private @Nullable ReplayState fail(Replay replay, ReplayJournal journal, String why) {
    LOG.error("replay failed replay={} reason={}", replay.id(), why);
    return replay.state() instanceof ReplayState.Unfinished unfinished
        ? commit(replay, unfinished.fail(clock.instant(), why), journal)
        : null;
  }

  private ReplayJournal open(String id, int partition) {
    return ReplayJournal.open(clients.producers(id), records, id, partition);
  }

  private ReplayState settle(Replay replay, ReplayJournal journal) {
    ReplayState state = replay.state();
    if (replay.wish() == ReplayAction.REPLAY_ACTION_CANCEL
        && state instanceof ReplayState.Unfinished unfinished) {
      return commit(replay, unfinished.cancel(clock.instant()), journal);
    }
    return commit(replay, new ReplayState.Running().pause(), journal);
  }

  private ReplayState expire(Replay replay, ReplayJournal journal) throws InterruptedException {
    outputs.delete(replay.id());
    journal.commit(
        replay.progress().toBuilder()
            .setOutputDeleted(true)
            .setUpdatedAt(Times.timestamp(clock.instant()))
            .build());
    return replay.state();
  }

  private @Nullable ReplayState forget(Replay replay, ReplayJournal journal)
      throws InterruptedException {
    if (replay.request().hasOwnTopic() && !replay.progress().getOutputDeleted()) {
      outputs.delete(replay.id());
    }
    journal.forget();
    LOG.info("replay forgotten replay={}", replay.id());
    return null;
  }

  private ReplayState commit(Replay replay, ReplayState state, ReplayJournal journal) {
    ReplayProgress.Builder progress =
        replay.progress().toBuilder()
            .setReplayId(replay.id())
            .setUpdatedAt(Times.timestamp(clock.instant()));
    state.writeTo(progress);
    journal.commit(progress.build());
    return state;
  }

  private @Nullable ReplayState run(Replay replay, ReplayJournal journal, ReplayControl control)
      throws InterruptedException {
    ReplayRequest request = replay.request();
    if (request.hasOwnTopic() && hasPlan(replay) && !outputs.exists(replay.id())) {
      return fail(replay, journal, "its topic " + topics.replay(replay.id()) + " was deleted");
    }
    Consumer<byte[], byte[]> consumer =
        clients.reader("source-" + replay.id(), replay.progress().getSourcesCount());
    try {
      ReplayProgress progress = begun(replay, consumer, journal);
      ReplayTarget target = new ReplayTarget(topics, request);
      journal.prepare(target.topic());
      LaneReader reader =
          new LaneReader(
              consumer,
              ReplaySources.read(progress.getSourcesList()),
              topics.events(),
              settings.bufferSize().toBytes());
      long now = System.nanoTime();
      Pacer pacer = new Pacer(request.getSpeed(), rate(request));
      return new ReplayPassage(
              reader,
              new Selection(request),
              target,
              journal,
              new ReplayTally(progress, now),
              pacer,
              Punctuality.of(request, settings),
              new CommitRhythm(settings, pacer.isPaced(), now),
              control,
              metrics,
              clock,
              ReplayTime.SYSTEM)
          .run();
    } finally {
      consumer.close(CloseOptions.timeout(ReplayClients.closeTimeout()));
    }
  }

  /** One that has none has no topic yet either. */
  private static boolean hasPlan(Replay replay) {
    return replay.progress().getSourcesCount() > 0;
  }

  private double rate(ReplayRequest request) {
    double most = settings.maxRate();
    double asked = request.getMaxRate();
    return most > 0 && (asked == 0 || asked > most) ? most : asked;
  }

  /** Where it goes on, written down as running; the first time, that is planned. */
  private ReplayProgress begun(
      Replay replay, Consumer<byte[], byte[]> consumer, ReplayJournal journal)
      throws InterruptedException {
    ReplayProgress.Builder progress =
        replay.progress().toBuilder()
            .setReplayId(replay.id())
            .setUpdatedAt(Times.timestamp(clock.instant()));
    if (hasPlan(replay)) {
      mend(replay, consumer, progress);
    } else {
      plan(replay, consumer, progress);
    }
    new ReplayState.Running().writeTo(progress);
    ReplayProgress begun = progress.build();
    journal.commit(begun);
    LOG.info(
        "replay runs replay={} events={} sources={}",
        replay.id(),
        begun.getEvents(),
        begun.getSourcesCount());
    return begun;
  }

  /** What was planned to be read may have been deleted meanwhile. */
  private void mend(
      Replay replay, Consumer<byte[], byte[]> consumer, ReplayProgress.Builder progress) {
    long since =
        progress.hasEventTime()
            ? Times.instant(progress.getEventTime()).toEpochMilli()
            : from(replay.request());
    Mended mended =
        new KeptEvents(topics, consumer, ends)
            .mend(
                ReplaySources.read(progress.getSourcesList()),
                since,
                Times.instant(replay.request().getUntil()).toEpochMilli());
    if (mended.deleted() > 0) {
      LOG.warn(
          "deleted before a replay came there, which looks in the class topics"
              + " replay={} deleted_offsets={}",
          replay.id(),
          mended.deleted());
      metrics.deleted(mended.deleted());
      progress
          .clearSources()
          .addAllSources(ReplaySources.write(mended.stretches()))
          .setDeleted(progress.getDeleted() + mended.deleted());
    }
  }

  private static long from(ReplayRequest request) {
    return request.hasFrom() ? Times.instant(request.getFrom()).toEpochMilli() : 0;
  }

  private void plan(
      Replay replay, Consumer<byte[], byte[]> consumer, ReplayProgress.Builder progress)
      throws InterruptedException {
    ReplayRequest request = replay.request();
    Instant until = Times.instant(request.getUntil());
    List<Stretch> stretches =
        new KeptEvents(topics, consumer, ends).between(from(request), until.toEpochMilli());
    int logPartitions =
        (int) stretches.stream().filter(stretch -> stretch.isOf(topics.events())).count();
    if (request.hasOwnTopic()) {
      outputs.create(replay.id(), logPartitions);
    }
    progress
        .addAllSources(ReplaySources.write(stretches))
        .setStartedAt(Times.timestamp(clock.instant()))
        .setLastEventTime(Times.timestamp(outputs.newestEvent(logPartitions, until)));
  }
}
