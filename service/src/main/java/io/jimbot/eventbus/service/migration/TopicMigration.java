package io.jimbot.eventbus.service.migration;

import io.jimbot.eventbus.event.upcast.Upcasters;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Rewrites a topic of events into a new one like it, with the events in the current version of
 * their types. Records and the place in the source are committed in one transaction, so a run that
 * was killed is taken up by the next one with no record lost or doubled, and a run that is taken
 * over writes nothing more. Belongs to one thread.
 */
public final class TopicMigration {

  /** Records of one transaction. */
  private static final int MOST_RECORDS = 2_000;

  private static final Duration POLL = Duration.ofMillis(200);

  private final String source;
  private final String target;
  private final Upcasters upcasters;
  private final boolean keepFailing;
  private final int rate;
  private final String name;
  private final MigrationClients clients;

  /**
   * Does no I/O.
   *
   * @param kafka properties of the Kafka clients: where it is, and how to get in
   * @param keepFailing whether an event that a step cannot take is written as it is, else it ends
   *     the run
   * @param rate records a second, at most; 0 for as fast as it goes
   */
  public TopicMigration(
      Map<String, Object> kafka,
      String source,
      String target,
      Upcasters upcasters,
      boolean keepFailing,
      int rate) {
    this.source = source;
    this.target = target;
    this.upcasters = upcasters;
    this.keepFailing = keepFailing;
    this.rate = rate;
    this.name = "eventbus-migrate-" + source + "-to-" + target;
    int tenthOfASecond = Math.max(1, rate / 10);
    this.clients =
        new MigrationClients(
            kafka, name, rate == 0 ? MOST_RECORDS : Math.min(MOST_RECORDS, tenthOfASecond));
  }

  /**
   * Writes what the source holds now and the target does not have yet.
   *
   * @param onProgress told after each transaction
   * @throws MigrationRefused if the target is not of this migration, or the bus would read it as
   *     one of its class topics, or an event cannot be taken
   * @throws KafkaException if Kafka is away; run it again
   */
  public MigrationProgress run(java.util.function.Consumer<MigrationProgress> onProgress)
      throws MigrationRefused, InterruptedException {
    try (Admin admin = clients.admin();
        Producer<byte[], byte[]> producer = clients.producer();
        Consumer<byte[], byte[]> consumer = clients.consumer()) {
      MigrationTopics topics = new MigrationTopics(admin);
      TopicDescription from = topics.find(source);
      if (from == null) {
        throw new MigrationRefused("there is no topic " + source);
      }
      refuseClassTopic(topics);
      List<TopicPartition> partitions = MigrationTopics.partitions(from);
      producer.initTransactions();
      consumer.assign(partitions);
      MigrationMark mark = agreeOnTarget(topics, from, consumer, producer);
      Places places = new Places(consumer, partitions);
      places.seek(consumer.committed(new HashSet<>(partitions)));
      return copy(consumer, producer, places, mark, onProgress);
    } catch (ExecutionException e) {
      throw new KafkaException(e.getCause());
    }
  }

  /** What lies in a topic of such a name the bus would give again, beside what it was made of. */
  private void refuseClassTopic(MigrationTopics topics)
      throws MigrationRefused, ExecutionException, InterruptedException {
    String log = topics.logOfClassTopic(target);
    if (log != null) {
      throw new MigrationRefused(
          "a bus whose log is "
              + log
              + " takes the topic "
              + target
              + " for one of its retention classes, and would give each event twice; take a name"
              + " that does not begin with "
              + log
              + ".");
    }
  }

  /** Makes the target, or sees that it is the one that a run before has made. */
  private MigrationMark agreeOnTarget(
      MigrationTopics topics,
      TopicDescription from,
      Consumer<byte[], byte[]> consumer,
      Producer<byte[], byte[]> producer)
      throws MigrationRefused, ExecutionException, InterruptedException {
    List<TopicPartition> partitions = MigrationTopics.partitions(from);
    MigrationMark before =
        MigrationMark.read(consumer.committed(new HashSet<>(partitions)).get(partitions.get(0)));
    TopicDescription to = topics.find(target);
    if (to == null) {
      // First the intent: a run that is killed here is known again by the next one.
      Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
      commit(producer, begin, new MigrationMark(from.topicId(), null));
      MigrationMark made = new MigrationMark(from.topicId(), topics.makeLike(from, target));
      commit(producer, begin, made);
      return made;
    }
    if (before == null) {
      throw new MigrationRefused(
          "the topic " + target + " exists, and was not made by a migration of " + source);
    }
    if (to.partitions().size() != from.partitions().size()) {
      throw new MigrationRefused(
          source + " and " + target + " have not as many partitions; delete " + target);
    }
    MigrationMark mark = new MigrationMark(from.topicId(), to.topicId());
    boolean same = before.equals(mark) || before.equals(new MigrationMark(from.topicId(), null));
    if (!same) {
      throw new MigrationRefused(
          source + " or " + target + " was made anew since the migration began; delete " + target);
    }
    return mark;
  }

  private MigrationProgress copy(
      Consumer<byte[], byte[]> consumer,
      Producer<byte[], byte[]> producer,
      Places places,
      MigrationMark mark,
      java.util.function.Consumer<MigrationProgress> onProgress)
      throws MigrationRefused, InterruptedException {
    MigratedRecords migrated = new MigratedRecords(target, upcasters, keepFailing);
    MigrationProgress progress = migrated.progress(places.done(), places.all());
    long beganNanos = System.nanoTime();
    while (!progress.isDone()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      write(records, migrated, producer, places, mark);
      progress = migrated.progress(places.done(), places.all());
      onProgress.accept(progress);
      keepRate(beganNanos, progress.records());
    }
    return progress;
  }

  private void write(
      ConsumerRecords<byte[], byte[]> records,
      MigratedRecords migrated,
      Producer<byte[], byte[]> producer,
      Places places,
      MigrationMark mark)
      throws MigrationRefused {
    producer.beginTransaction();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (places.isWanted(record)) {
        var unused = producer.send(migrated.of(record));
      }
    }
    places.commit(producer, new ConsumerGroupMetadata(name), mark);
    producer.commitTransaction();
  }

  private void commit(
      Producer<byte[], byte[]> producer, Map<TopicPartition, Long> offsets, MigrationMark mark) {
    Map<TopicPartition, OffsetAndMetadata> marked = new HashMap<>();
    offsets.forEach((partition, offset) -> marked.put(partition, mark.at(offset)));
    producer.beginTransaction();
    producer.sendOffsetsToTransaction(marked, new ConsumerGroupMetadata(name));
    producer.commitTransaction();
  }

  private void keepRate(long beganNanos, long records) throws InterruptedException {
    if (rate > 0) {
      long due = beganNanos + TimeUnit.SECONDS.toNanos(records) / rate;
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
    }
  }
}
