package io.jimbot.eventbus.processor.replay;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * Managed replays. Immutable.
 *
 * @param partitions how many partitions the replays topic gets when it is made, 1 to 1,000: as many
 *     processors share the jobs
 * @param maxRunning how many replays one processor runs at a time, 1 to 64; each has a thread, a
 *     consumer and three producers; more wait
 * @param commitInterval how often a replay at full speed makes what it has written visible, 10 ms
 *     to 10 s, and at most a third of {@code transactionTimeout}
 * @param commitEvents after how many events it does so at the latest, 1 to 1,000,000
 * @param pacedCommitInterval the same for one that keeps a timing or a rate, 1 ms to 10 s, and at
 *     most a third of {@code transactionTimeout}
 * @param bufferSize how many bytes one replay reads ahead, 1 MiB to 1 GiB
 * @param maxRate how many events a second one replay writes at most, whatever was asked for; 0 for
 *     no limit
 * @param sessionTimeout how long a processor may be silent before others take its replays over, 6 s
 *     to 5 min
 * @param transactionTimeout after which time Kafka gives up what a dead processor has begun to
 *     write, 1 s to 15 min
 * @param keepFinished how long a finished replay is remembered after its output is gone, 0 to 365 d
 */
public record ReplaySettings(
    int partitions,
    int maxRunning,
    Duration commitInterval,
    int commitEvents,
    Duration pacedCommitInterval,
    DataSize bufferSize,
    int maxRate,
    Duration sessionTimeout,
    Duration transactionTimeout,
    Duration keepFinished) {

  private static final long MIB = 1024 * 1024;

  /** Checks the values. */
  public ReplaySettings {
    Duration tenSeconds = Duration.ofSeconds(10);
    Setting.between("replay.partitions", partitions, 1, 1_000);
    Setting.between("replay.maxRunning", maxRunning, 1, 64);
    Setting.between("replay.commitInterval", commitInterval, Duration.ofMillis(10), tenSeconds);
    Setting.between("replay.commitEvents", commitEvents, 1, 1_000_000);
    Setting.between(
        "replay.pacedCommitInterval", pacedCommitInterval, Duration.ofMillis(1), tenSeconds);
    Setting.between("replay.bufferSize", bufferSize, MIB, 1024 * MIB);
    Setting.between("replay.maxRate", maxRate, 0, Integer.MAX_VALUE);
    Setting.between(
        "replay.sessionTimeout", sessionTimeout, Duration.ofSeconds(6), Duration.ofMinutes(5));
    Setting.between(
        "replay.transactionTimeout",
        transactionTimeout,
        Duration.ofSeconds(1),
        Duration.ofMinutes(15));
    Setting.between("replay.keepFinished", keepFinished, Duration.ZERO, Duration.ofDays(365));
    checkEndsInTime("replay.commitInterval", commitInterval, transactionTimeout);
    checkEndsInTime("replay.pacedCommitInterval", pacedCommitInterval, transactionTimeout);
  }

  /** A transaction that is open for longer is given up again and again, and nothing gets done. */
  private static void checkEndsInTime(String key, Duration interval, Duration transactionTimeout) {
    Duration most = transactionTimeout.dividedBy(3);
    if (interval.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          key
              + " must be at most a third of replay.transactionTimeout, "
              + most.toMillis()
              + "ms, is "
              + interval.toMillis()
              + "ms");
    }
  }
}
