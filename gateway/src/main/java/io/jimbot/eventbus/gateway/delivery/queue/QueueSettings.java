package io.jimbot.eventbus.gateway.delivery.queue;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;

/**
 * Workers of queues.
 *
 * @param maxWorkers how many workers this gateway may have at a time, 1 to 10,000
 * @param batchEvents how many events a worker takes from Kafka at a time, 1 to 10,000
 * @param maxBatches how many batches of a worker may have unsettled events at a time, 1 to 100;
 *     each costs a member of the share group: a thread and connections
 * @param bufferSize how many bytes of events a worker may have taken and not yet settled, 1 MiB to
 *     4 GiB; passed by one batch at most; null for the usual size, at most {@value #HEAP_PERCENT} %
 *     of the heap
 * @param repeatKeys among how many of a queue's last events a repeat is recognised, 1 to
 *     10,000,000; some 150 bytes each, once for all its workers
 */
public record QueueSettings(
    int maxWorkers, int batchEvents, int maxBatches, DataSize bufferSize, int repeatKeys) {

  private static final long KIB = 1024;
  private static final long MIB = KIB * KIB;

  /** So that twenty workers that stand still, with one batch too many each, leave room. */
  private static final int HEAP_PERCENT = 2;

  private static final DataSize USUAL_BUFFER = DataSize.mebibytes(16);

  /** Checks the values. */
  public QueueSettings {
    Setting.between("delivery.queue.maxWorkers", maxWorkers, 1, 10_000);
    Setting.between("delivery.queue.batchEvents", batchEvents, 1, 10_000);
    Setting.between("delivery.queue.maxBatches", maxBatches, 1, 100);
    bufferSize = bufferSize == null ? Setting.usual(USUAL_BUFFER, HEAP_PERCENT) : bufferSize;
    Setting.between("delivery.queue.bufferSize", bufferSize, MIB, 4 * KIB * MIB);
    Setting.between("delivery.queue.repeatKeys", repeatKeys, 1, 10_000_000);
  }
}
