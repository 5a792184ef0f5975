package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.kept.PartitionEnds;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Ends behind all that Kafka has acknowledged, also where a transaction is still open before it:
 * who reads what is committed gets there once that is over, which its producer's {@code
 * transaction.timeout.ms} bounds. Thread-safe.
 */
final class AcknowledgedEnds implements PartitionEnds {

  private final Supplier<Admin> admins;

  /** Does no I/O. */
  AcknowledgedEnds(Supplier<Admin> admins) {
    this.admins = admins;
  }

  /**
   * {@inheritDoc}
   *
   * @throws InterruptException if interrupted, which the thread remembers
   */
  @Override
  public Map<TopicPartition, Long> of(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
    try (Admin admin = admins.get()) {
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition, end.offset()));
      return ends;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
