package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.jimbot.events.v1.ReplayProgress;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events of one replay together with how far it has come: both, or neither. Whoever
 * opens the journal of a replay ends that of any other processor. Belongs to one thread, which
 * closes it; every method may throw a {@link KafkaException}, after which it can only be closed.
 */
final class ReplayJournal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayJournal.class);

  private final Producer<byte[], byte[]> producer;
  private final ReplayRecords records;
  private final String id;
  private final int partition;
  private boolean open;

  private ReplayJournal(
      Producer<byte[], byte[]> producer, ReplayRecords records, String id, int partition) {
    this.producer = producer;
    this.records = records;
    this.id = id;
    this.partition = partition;
  }

  /**
   * Takes a replay over: when this returns, nobody else can write for it, and what others had begun
   * to write is either complete or void.
   *
   * @param producer with the replay's transactional id; closed with the journal
   */
  static ReplayJournal open(
      Producer<byte[], byte[]> producer, ReplayRecords records, String id, int partition) {
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      producer.close(ReplayClients.closeTimeout());
      throw e;
    }
    return new ReplayJournal(producer, records, id, partition);
  }

  /** Writes an event; it counts with the next {@link #commit}. */
  void write(ProducerRecord<byte[], byte[]> event) {
    begin();
    var unused = producer.send(event);
  }

  /** Whether events were written that are not committed yet. */
  boolean isOpen() {
    return open;
  }

  /** Makes all that was written count, with this. */
  void commit(ReplayProgress progress) {
    begin();
    var unused = producer.send(records.of(partition, progress));
    producer.commitTransaction();
    open = false;
  }

  /** Removes all that is known about the replay. */
  void forget() {
    begin();
    for (ProducerRecord<byte[], byte[]> record : records.forgetting(partition, id)) {
      var unused = producer.send(record);
    }
    producer.commitTransaction();
    open = false;
  }

  private void begin() {
    if (!open) {
      producer.beginTransaction();
      open = true;
    }
  }

  /** What is not committed is void. */
  @Override
  public void close() {
    if (open) {
      try {
        producer.abortTransaction();
      } catch (KafkaException e) {
        // Kafka does it, when the next owner comes or the transaction's time is over.
        LOG.debug("transaction not ended replay={} error={}", id, e.toString());
      }
    }
    producer.close(Duration.ofSeconds(1));
  }
}
