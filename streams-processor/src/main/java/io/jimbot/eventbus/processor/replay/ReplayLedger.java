package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.kept.PartitionEnds;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayBoard;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
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
  private final PartitionEnds ends;
  private final String topic;
  private final Duration patience;

  /**
   * Does no I/O.
   *
   * @param ends behind all that is acknowledged, committed or not
   * @param patience how long a transaction of another replay may be in the way
   */
  ReplayLedger(ReplayClients clients, PartitionEnds ends, String topic, Duration patience) {
    this.clients = clients;
    this.ends = ends;
    this.topic = topic;
    this.patience = patience;
  }

  /**
   * Everything that was committed before this call counts.
   *
   * @return null if nothing is known about such a replay
   */
  @Nullable Replay find(String id, int partition) {
    TopicPartition where = new TopicPartition(topic, partition);
    ReplayBoard board = new ReplayBoard();
    Consumer<byte[], byte[]> consumer = clients.reader("ledger", 1);
    try {
      // What is committed may lie behind what others have begun to write: that is waited for.
      long end = Objects.requireNonNull(ends.of(List.of(where)).get(where));
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
}
