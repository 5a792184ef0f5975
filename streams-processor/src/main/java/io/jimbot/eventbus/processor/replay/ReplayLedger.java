package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayBoard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what the replays topic says about a replay at this moment. Thread-safe; blocks, and
 * throws a {@link KafkaException} if Kafka does not tell.
 */
final class ReplayLedger {

  private static final Duration POLL = Duration.ofMillis(100);

  private final ReplayClients clients;
  private final String topic;
  private final Duration patience;

  /**
   * Does no I/O.
   *
   * @param patience how long a transaction of another replay may be in the way
   */
  ReplayLedger(ReplayClients clients, String topic, Duration patience) {
    this.clients = clients;
    this.topic = topic;
    this.patience = patience;
  }

  /**
   * Everything that was committed before this call counts.
   *
   * @return null if nothing is known about such a replay
   */
  @Nullable Replay find(String id, int partition) throws InterruptedException {
    TopicPartition where = new TopicPartition(topic, partition);
    ReplayBoard board = new ReplayBoard();
    Consumer<byte[], byte[]> consumer = clients.reader("ledger", 1);
    try {
      // What is committed may lie behind what others have begun to write: that is waited for.
      long end = end(where);
      consumer.assign(List.of(where));
      consumer.seekToBeginning(List.of(where));
      long deadline = System.nanoTime() + patience.toNanos();
      while (consumer.position(where) < end) {
        consumer.poll(POLL).forEach(board::add);
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("the replays topic could not be read up to offset " + end);
        }
      }
    } finally {
      consumer.close(CloseOptions.timeout(ReplayClients.closeTimeout()));
    }
    return board.find(id);
  }

  private long end(TopicPartition where) throws InterruptedException {
    try (Admin admin = clients.admin()) {
      return Objects.requireNonNull(
              admin
                  .listOffsets(
                      Map.of(where, OffsetSpec.latest()),
                      new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                  .all()
                  .get()
                  .get(where))
          .offset();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }
  }
}
