package io.jimbot.eventbus.testing.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.awaitility.Awaitility;

/**
 * Topics that a test makes. A broker that made one may not know yet that it leads it: it refuses
 * the first batch of a producer and takes the second, which is under way already. The first then
 * never finds its place, and fails after two minutes. So these are there when every leader answers.
 */
public final class TestTopics {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TestTopics() {}

  /** Makes topics, and returns when they can be written to. */
  public static void make(Admin admin, NewTopic... topics)
      throws ExecutionException, InterruptedException {
    List<NewTopic> all = List.of(topics);
    admin.createTopics(all).all().get();
    awaitLeaders(admin, all.stream().map(NewTopic::name).toList());
  }

  /** Returns when every partition of topics, also of those that were just made, has a leader. */
  public static void awaitLeaders(Admin admin, Collection<String> topics) {
    Awaitility.await("the leaders of " + topics)
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(e -> e.getCause() instanceof UnknownTopicOrPartitionException)
        .until(() -> answer(admin, topics));
  }

  private static boolean answer(Admin admin, Collection<String> topics)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (TopicDescription topic : admin.describeTopics(topics).allTopicNames().get().values()) {
      topic
          .partitions()
          .forEach(
              p -> ends.put(new TopicPartition(topic.name(), p.partition()), OffsetSpec.latest()));
    }
    return admin.listOffsets(ends).all().get().size() == ends.size();
  }
}
