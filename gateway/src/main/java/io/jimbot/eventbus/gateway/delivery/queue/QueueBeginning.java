package io.jimbot.eventbus.gateway.delivery.queue;

import io.jimbot.eventbus.gateway.delivery.Start;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
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
    OffsetSpec wanted =
        start instanceof Start.Earliest
            ? OffsetSpec.earliest()
            : start instanceof Start.At at
                ? OffsetSpec.forTimestamp(at.epochMillis())
                : OffsetSpec.latest();
    Map<TopicPartition, Long> places = new HashMap<>();
    List<TopicPartition> late = new ArrayList<>();
    for (var found : offsets(admin, partitions(admin), wanted).entrySet()) {
      if (found.getValue().offset() >= 0) {
        places.put(found.getKey(), found.getValue().offset());
      } else {
        late.add(found.getKey()); // Nothing was stored since that time.
      }
    }
    offsets(admin, late, OffsetSpec.latest())
        .forEach((partition, end) -> places.put(partition, end.offset()));
    return places;
  }

  private List<TopicPartition> partitions(Admin admin)
      throws ExecutionException, InterruptedException {
    return admin.describeTopics(List.of(log)).allTopicNames().get().values().stream()
        .flatMap(topic -> topic.partitions().stream())
        .map(partition -> new TopicPartition(log, partition.partition()))
        .toList();
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
      Admin admin, List<TopicPartition> partitions, OffsetSpec wanted)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> request = new HashMap<>();
    partitions.forEach(partition -> request.put(partition, wanted));
    return admin.listOffsets(request).all().get();
  }
}
