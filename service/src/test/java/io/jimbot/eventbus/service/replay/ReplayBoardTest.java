package io.jimbot.eventbus.service.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayProgress;
import io.jimbot.events.v1.ReplayRequest;
import io.jimbot.events.v1.ReplaySource;
import io.jimbot.events.v1.ReplayStatus;
import io.jimbot.events.v1.ReplayWish;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ReplayBoardTest {

  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

  private final ReplayRecords records = new ReplayRecords("t.replays");
  private final ReplayBoard board = new ReplayBoard();

  private boolean add(ProducerRecord<byte[], byte[]> record) {
    return add(record, 0);
  }

  private boolean add(ProducerRecord<byte[], byte[]> record, long offset) {
    return board.add(
        new ConsumerRecord<>(
            record.topic(), record.partition(), offset, record.key(), record.value()));
  }

  private Replay find(String id) {
    return Objects.requireNonNull(board.find(id));
  }

  private static ReplayRequest.Builder request(String id) {
    return ReplayRequest.newBuilder()
        .setReplayId(id)
        .addTopics("**")
        .setOwnTopic(true)
        .setUntil(Times.timestamp(START))
        .setCreatedAt(Times.timestamp(START));
  }

  private static ReplayWish wish(String id, ReplayAction action) {
    return ReplayWish.newBuilder().setReplayId(id).setAction(action).build();
  }

  private static ReplayProgress.Builder running(String id) {
    return ReplayProgress.newBuilder()
        .setReplayId(id)
        .setStatus(ReplayStatus.REPLAY_STATUS_RUNNING)
        .addSources(ReplaySource.newBuilder().setBegin(100).setNext(150).setEnd(300));
  }

  @Test
  void aReplayIsWhatItsThreeRecordsSayWhateverCameLast() {
    add(records.of(3, request("a").build()));
    add(records.of(3, wish("a", ReplayAction.REPLAY_ACTION_PAUSE)));
    add(records.of(3, running("a").setEvents(7).build()));

    Replay replay = find("a");
    assertThat(replay.partition()).isEqualTo(3);
    assertThat(replay.wish()).isEqualTo(ReplayAction.REPLAY_ACTION_PAUSE);
    assertThat(replay.progress().getEvents()).isEqualTo(7);
    assertThat(replay.state()).isEqualTo(new ReplayState.Running());
    assertThat(replay.fraction()).isEqualTo(0.25);
  }

  @Test
  void whoeverStoredARecordMayAddItAfterNewerOnes() {
    ProducerRecord<byte[], byte[]> pause =
        records.of(0, wish("a", ReplayAction.REPLAY_ACTION_PAUSE));
    add(records.of(0, request("a").build()), 8);
    add(records.of(0, running("a").setEvents(7).build()), 9);
    add(pause, 10);
    add(records.of(0, wish("a", ReplayAction.REPLAY_ACTION_RUN)), 11);

    add(pause, 10);

    assertThat(find("a").wish()).isEqualTo(ReplayAction.REPLAY_ACTION_RUN);
    add(records.of(0, running("a").setEvents(6).build()), 7);
    assertThat(find("a").progress().getEvents()).isEqualTo(7);
    add(records.of(0, running("a").setEvents(8).build()), 10);
    assertThat(find("a").progress().getEvents()).isEqualTo(8);
  }

  @Test
  void aForgottenReplayIsGoneAndThoseOfAPartitionThatWasLost() {
    add(records.of(0, request("a").build()));
    add(records.of(1, request("b").build()));
    add(records.of(1, request("c").build()));

    records.forgetting(1, "b").forEach(this::add);
    assertThat(board.all()).extracting(Replay::id).containsExactly("a", "c");
    board.forget(0);
    assertThat(board.all()).extracting(Replay::id).containsExactly("c");
  }

  @Test
  void theNewestRequestComesFirst() {
    add(records.of(0, request("old").setCreatedAt(Times.timestamp(START)).build()));
    add(records.of(0, request("new").setCreatedAt(Times.timestamp(START.plusMillis(1))).build()));

    assertThat(board.all()).extracting(Replay::id).containsExactly("new", "old");
  }

  @Test
  void whatIsNoneOfOursIsTold() {
    ProducerRecord<byte[], byte[]> foreign =
        new ProducerRecord<>("t.replays", 0, new byte[] {1}, new byte[] {2});
    ProducerRecord<byte[], byte[]> wrongKey = records.of(0, request("a").build());

    assertThat(add(foreign)).isFalse();
    assertThat(
            add(
                new ProducerRecord<>(
                    "t.replays", 0, "b/request".getBytes(UTF_8), wrongKey.value())))
        .isFalse();
    assertThat(add(new ProducerRecord<>("t.replays", 0, wrongKey.key(), new byte[] {8}))).isFalse();
    assertThat(board.all()).isEmpty();
  }

  @Test
  void theTimeLeftFollowsTheReadingOrTheOriginalTiming() {
    add(records.of(0, request("fast").build()));
    add(records.of(0, running("fast").setScannedPerSecond(50).build()));
    add(records.of(0, request("timed").setSpeed(2).build()));
    add(
        records.of(
            0,
            running("timed")
                .setEventTime(Times.timestamp(START.minusSeconds(60)))
                .setLastEventTime(Times.timestamp(START))
                .build()));
    add(records.of(0, request("waiting").build()));

    assertThat(find("fast").timeLeft()).isEqualTo(Duration.ofSeconds(3));
    assertThat(find("timed").timeLeft()).isEqualTo(Duration.ofSeconds(30));
    assertThat(find("waiting").timeLeft()).isNull();
  }
}
