package io.jimbot.eventbus.processor.kafka;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How topologies run.
 *
 * @param stateDirectory where their state lies, a copy of what Kafka holds; created when absent
 * @param instanceId a name that this process keeps over restarts, so that one moves no partitions;
 *     empty for none
 * @param threads threads of each part, 1 to 64
 * @param commitInterval how often a transaction is committed, so how late its records are seen, 10
 *     ms to 1 min
 * @param sessionTimeout after what silence another process takes the partitions over, 1 s to 5 min
 * @param restartBackoff how long a thread that failed waits before it goes on, doubled up to a
 *     minute while it fails again, 10 ms to 1 min
 * @param closeTimeout how long a part has to stop, 1 s to 5 min
 * @param blockCache memory for reading state, for all stores of this process, 1 MiB to 16 GiB
 * @param writeBuffers memory for changes to state, for all stores of this process, 1 MiB to 16 GiB
 */
public record StreamsSettings(
    String stateDirectory,
    String instanceId,
    int threads,
    Duration commitInterval,
    Duration sessionTimeout,
    Duration restartBackoff,
    Duration closeTimeout,
    DataSize blockCache,
    DataSize writeBuffers) {

  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9._-]{0,100}");
  private static final int MOST_THREADS = 64;
  private static final long MIB = 1024 * 1024;
  private static final long MOST_BYTES = 16 * 1024 * MIB;

  /** Checks the values. */
  public StreamsSettings {
    if (stateDirectory == null || stateDirectory.isBlank()) {
      throw new IllegalArgumentException("streams.stateDirectory must be given");
    }
    instanceId = instanceId == null ? "" : instanceId;
    if (!INSTANCE.matcher(instanceId).matches()) {
      throw new IllegalArgumentException(
          "streams.instanceId must match " + INSTANCE + ", is '" + instanceId + "'");
    }
    Setting.between("streams.threads", threads, 1, MOST_THREADS);
    Duration second = Duration.ofSeconds(1);
    Duration minute = Duration.ofMinutes(1);
    Setting.between("streams.commitInterval", commitInterval, Duration.ofMillis(10), minute);
    Setting.between("streams.sessionTimeout", sessionTimeout, second, Duration.ofMinutes(5));
    Setting.between("streams.restartBackoff", restartBackoff, Duration.ofMillis(10), minute);
    Setting.between("streams.closeTimeout", closeTimeout, second, Duration.ofMinutes(5));
    Setting.between("streams.blockCache", blockCache, MIB, MOST_BYTES);
    Setting.between("streams.writeBuffers", writeBuffers, MIB, MOST_BYTES);
  }
}
