package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.jimbot.events.v1.ReplayProgress;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events of one replay together with how far it has come: both, or neither. Whoever
 * opens the journal of a replay ends that of any other processor. Belongs to one thread, which
 * closes it; every method may throw a {@link KafkaException}, after which it can only be closed.
 *
 * <p>Several producers take turns: one whose transaction was committed just now would have to wait
 * for its marks to be written, 20 ms and more. A transaction begins when the one before is
 * committed, so they are in order. Each journal begins with the first producer: whoever has lost
 * that one has lost the replay, even if it came last to take another.
 */
final class ReplayJournal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayJournal.class);

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final List<Producer<byte[], byte[]>> producers;
  private final ReplayRecords records;
  private final String id;
  private final int partition;

  /** Whose turn it is. */
  private int turn;

  private boolean open;

  private ReplayJournal(
      List<Producer<byte[], byte[]>> producers, ReplayRecords records, String id, int partition) {
    this.producers = producers;
    this.records = records;
    this.id = id;
    this.partition = partition;
  }

  /**
   * Takes a replay over: when this returns, nobody else can write for it, and what others had begun
   * to write is either complete or void.
   *
   * @param producers with the replay's transactional ids; closed with the journal
   */
  static ReplayJournal open(
      List<Producer<byte[], byte[]>> producers, ReplayRecords records, String id, int partition) {
    try {
      producers.forEach(Producer::initTransactions);
    } catch (KafkaException e) {
      producers.forEach(producer -> producer.close(ReplayClients.closeTimeout()));
      throw e;
    }
    return new ReplayJournal(producers, records, id, partition);
  }

  /** Learns where the partitions of a topic are, so that its first event need not wait for that. */
  void prepare(String topic) {
    for (Producer<byte[], byte[]> producer : producers) {
      var unused = producer.partitionsFor(topic);
    }
  }

  /** Writes an event; it counts with the next {@link #commit}. */
  void write(ProducerRecord<byte[], byte[]> event) {
    var unused = begun().send(event);
  }

  /** Writes down how far the replay has come; it counts with the next {@link #commit}. */
  void note(ReplayProgress progress) {
    var unused = begun().send(records.of(partition, progress));
  }

  /** Waits until Kafka has all that was written, so that a {@link #commit} has little to do. */
  void flush() {
    begun().flush();
  }

  /** Makes all that was written count. */
  void commit() {
    begun().commitTransaction();
    open = false;
    turn = (turn + 1) % producers.size();
  }

  /** Makes all that was written count, with this. */
  void commit(ReplayProgress progress) {
    note(progress);
    commit();
  }

  /** Removes all that is known about the replay. */
  void forget() {
    for (ProducerRecord<byte[], byte[]> record : records.forgetting(partition, id)) {
      var unused = begun().send(record);
    }
    commit();
  }

  private Producer<byte[], byte[]> begun() {
    Producer<byte[], byte[]> producer = producers.get(turn);
    if (!open) {
      producer.beginTransaction();
      open = true;
    }
    return producer;
  }

  /** What is not committed is void. */
  @Override
  public void close() {
    if (open) {
      try {
        producers.get(turn).abortTransaction();
      } catch (KafkaException e) {
        // Kafka does it, when the next owner comes or the transaction's time is over.
        LOG.debug("transaction not ended replay={} error={}", id, e.toString());
      }
    }
    producers.forEach(producer -> producer.close(CLOSE_PATIENCE));
  }
}
