package io.jimbot.eventbus.gateway.delivery.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.gateway.delivery.LogUnderTest;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The partitions of a member, on a broker. */
class GroupPartitionsIT {

  private static final AcknowledgementPolicy POLICY =
      new AcknowledgementPolicy(
          Duration.ofSeconds(10),
          3,
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          100,
          1 << 20,
          false);

  @TempDir private static Path directory;

  @Test
  void aMemberThatIsWokenUpWhileItSkipsWhatWasDeletedSkipsItAllTheSame() throws Exception {
    try (TestKafka kafka = TestKafka.start(directory);
        LogUnderTest log = new LogUnderTest(kafka.bootstrapServers(), "log", 1);
        Consumer<byte[], byte[]> consumer = log.tailConsumer("member")) {
      TopicPartition partition = new TopicPartition(log.topic(), 0);
      log.appendMany(0, 20);
      deleteBefore(kafka, partition, 5);
      consumer.assign(List.of(partition));
      MemberMetrics metrics = MemberMetrics.ofGroups(new PrometheusRegistry());
      GroupSettings settings =
          new GroupSettings(1, Duration.ofSeconds(1), 100, DataSize.mebibytes(1), 1_000, 100);
      MemberLeases leases = new MemberLeases(1, "group", everything(), POLICY, settings, metrics);
      leases.assign(0, 0, CommitNote.read("", 0));
      GroupPartitions partitions =
          new GroupPartitions(
              "group",
              consumer,
              new GroupBeginning(log.topic(), new Start.Earliest()),
              leases,
              new GroupCommits("group", log.topic(), leases, settings.commitInterval(), metrics),
              0,
              metrics);

      consumer.wakeup();

      assertThat(partitions.skipDeleted(List.of(partition))).isEqualTo(5);
      assertThat(consumer.position(partition)).isEqualTo(5);
    }
  }

  private static SubscriptionRequest everything() {
    return new SubscriptionRequest(
        new EventFilter(List.of(new TopicPattern("**")), Set.of(), Set.of(), Set.of(), Map.of()),
        new Start.Earliest(),
        new Sharing.Group("group", POLICY),
        false);
  }

  private static void deleteBefore(TestKafka kafka, TopicPartition partition, long offset)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all().get();
    }
  }
}
