package io.jimbot.eventbus.gateway.replay;

import io.jimbot.eventbus.gateway.kafka.TopicFold;
import io.jimbot.eventbus.service.replay.ReplayBoard;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the board what the records of the replays topic say. On the follower's thread. */
final class ReplayFold implements TopicFold {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayFold.class);

  private final ReplayBoard board;

  ReplayFold(ReplayBoard board) {
    this.board = board;
  }

  @Override
  public void read(ConsumerRecord<byte[], byte[]> record) {
    if (!board.add(record)) {
      LOG.debug("no replay partition={} offset={}", record.partition(), record.offset());
    }
  }

  /** What is still in the topic comes again; what is not must not stay. */
  @Override
  public void placeLost() {
    board.clear();
  }
}
