package io.jimbot.eventbus.processor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.processor.kafka.KafkaClients;
import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.jimbot.events.v1.ReplayProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ReplayJournalIT {

  private static final ReplayRecords RECORDS = new ReplayRecords("t.replays");

  @TempDir private static Path directory;

  private static ReplayFixture kafka;
  private static ReplayClients clients;

  @BeforeAll
  static void start() throws Exception {
    kafka = ReplayFixture.start(directory.resolve("kafka"));
    kafka.makeTopic("t.replays", 1);
    clients =
        new ReplayClients(
            new KafkaClients(kafka.kafkaSettings()),
            "t",
            ProcessorConfiguration.load(null, Map.of()).replay());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static ReplayJournal open(String id) {
    return ReplayJournal.open(clients.producers(id), RECORDS, id, 0);
  }

  private static ProducerRecord<byte[], byte[]> event(String topic, int number) {
    return new ProducerRecord<>(
        topic, "key".getBytes(UTF_8), Integer.toString(number).getBytes(UTF_8));
  }

  private static ReplayProgress progress(String id, int events) {
    return ReplayProgress.newBuilder().setReplayId(id).setEvents(events).build();
  }

  @Test
  void whatIsCommittedInTurnIsInOrder() throws Exception {
    kafka.ask(ReplayFixture.all("turns").build());
    kafka.makeTopic("t.replay.turns", 2);
    try (ReplayJournal journal = open("turns")) {
      for (int i = 1; i <= 20; i++) {
        journal.write(event("t.replay.turns", i));
        journal.commit(progress("turns", i));
      }
    }

    assertThat(kafka.read("t.replay.turns").stream().map(ReplayFixture::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
    assertThat(Objects.requireNonNull(kafka.look("turns")).progress().getEvents()).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void whoeverOpensTheJournalEndsWhatAnotherHasBegunWhicheverProducerHasItsTurn(int commits)
      throws Exception {
    String id = "fenced" + commits;
    String topic = "t.replay." + id;
    kafka.ask(ReplayFixture.all(id).build());
    kafka.makeTopic(topic, 1);
    try (ReplayJournal first = open(id)) {
      for (int i = 1; i <= commits; i++) {
        first.write(event(topic, i));
        first.commit(progress(id, i));
      }
      first.write(event(topic, 100));
      try (ReplayJournal second = open(id)) {
        second.write(event(topic, 200));
        assertThatThrownBy(() -> first.commit(progress(id, 100)))
            .isInstanceOf(KafkaException.class);
        second.commit(progress(id, 200));
      }
    }

    List<Integer> written = kafka.read(topic).stream().map(ReplayFixture::number).toList();
    assertThat(written).hasSize(commits + 1).doesNotContain(100).endsWith(200);
    assertThat(Objects.requireNonNull(kafka.look(id)).progress().getEvents()).isEqualTo(200);
  }

  @Test
  void whoTookTheSecondProducerOnlyCannotWriteAndTheOwnerGoesOn() throws Exception {
    kafka.makeTopic("t.replay.late", 1);
    try (Producer<byte[], byte[]> stale = clients.producers("late").get(0)) {
      stale.initTransactions();
      ReplayJournal owner = open("late");
      // One that began to open the journal earlier, and goes on only now.
      try (Producer<byte[], byte[]> late = clients.producers("late").get(1)) {
        late.initTransactions();
        owner.write(event("t.replay.late", 1));
        owner.commit(progress("late", 1));
        owner.write(event("t.replay.late", 2));
        assertThatThrownBy(() -> owner.commit(progress("late", 2)))
            .isInstanceOf(KafkaException.class);
        owner.close();
        stale.beginTransaction();
        var unused = stale.send(event("t.replay.late", 3));
        assertThatThrownBy(stale::commitTransaction).isInstanceOf(KafkaException.class);
      }
    }
    try (ReplayJournal again = open("late")) {
      again.write(event("t.replay.late", 2));
      again.commit(progress("late", 2));
    }

    assertThat(kafka.read("t.replay.late").stream().map(ReplayFixture::number))
        .containsExactly(1, 2);
  }
}
