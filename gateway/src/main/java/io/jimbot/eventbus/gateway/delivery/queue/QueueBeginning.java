package io.jimbot.eventbus.gateway.delivery.queue;

import io.jimbot.eventbus.gateway.delivery.Start;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/**
 * Where a queue that nobody has used before begins. A share group cannot seek, but its places can
 * be set while nobody takes part in it. Blocks; to be used by the thread of a worker.
 */
final class QueueBeginning {

  /** As often as Kafka allows: the gateway gives up earlier, and stores a dead letter. */
  static final int DELIVERY_LIMIT = 10;

  private final String log;
  private final Start start;
  private final Supplier<Admin> admins;

  QueueBeginning(String log, Start start, Supplier<Admin> admins) {
    this.log = log;
    this.start = start;
    this.admins = admins;
  }

  /**
   * Sets the places of a queue that has none.
   *
   * @throws KafkaException if that could not be done
   */
  void begin(String group) throws InterruptedException {
    try (Admin admin = admins.get()) {
      configure(admin, group);
      if (hasBegun(admin, group)) {
        return;
      }
      // Found out before it is asked again: of two workers that begin at a time the slower one may
      // set its places over those of the other, but not behind what was stored since that has
      // begun.
      Map<TopicPartition, Long> places = places(admin);
      if (!hasBegun(admin, group)) {
        admin.alterShareGroupOffsets(group, places).all().get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupNotEmptyException) {
        return; // Another worker was faster.
      }
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }
  }

  private static void configure(Admin admin, String group)
      throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    Collection<AlterConfigOp> wanted =
        List.of(
            // Of partitions that the log gets later nothing may be left out.
            set("share.auto.offset.reset", "earliest"),
            // The processor writes in transactions; what it took back must not be delivered.
            set("share.isolation.level", "read_committed"),
            set("share.delivery.count.limit", Integer.toString(DELIVERY_LIMIT)));
    admin.incrementalAlterConfigs(Map.of(resource, wanted)).all().get();
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }

  private static boolean hasBegun(Admin admin, String group)
      throws ExecutionException, InterruptedException {
    try {
      return !admin
          .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
          .partitionsToOffsetInfo(group)
          .get()
          .isEmpty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return false;
      }
      throw e;
    }
  }

  private Map<TopicPartition, Long> places(Admin admin)
      throws ExecutionException, InterruptedException {
    List<TopicPartition> all = partitions(admin);
    if (start instanceof Start.Earliest) {
      return offsets(admin, all, OffsetSpec.earliest());
    }
    // Before the times: what is stored between the two questions lies behind these ends.
    Map<TopicPartition, Long> places = offsets(admin, all, OffsetSpec.latest());
    if (start instanceof Start.At at) {
      places.putAll(offsets(admin, all, OffsetSpec.forTimestamp(at.epochMillis())));
    }
    return places;
  }

  private List<TopicPartition> partitions(Admin admin)
      throws ExecutionException, InterruptedException {
    return admin.describeTopics(List.of(log)).allTopicNames().get().values().stream()
        .flatMap(topic -> topic.partitions().stream())
        .map(partition -> new TopicPartition(log, partition.partition()))
        .toList();
  }

  /** The places that Kafka knows: a partition where nothing was stored since a time has none. */
  private static Map<TopicPartition, Long> offsets(
      Admin admin, List<TopicPartition> partitions, OffsetSpec wanted)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> request = new HashMap<>();
    partitions.forEach(partition -> request.put(partition, wanted));
    // What is not committed yet was not stored before now: it lies behind the end.
    ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listOffsets(request, committed)
        .all()
        .get()
        .forEach(
            (partition, found) -> {
              if (found.offset() >= 0) {
                offsets.put(partition, found.offset());
              }
            });
    return offsets;
  }
}
