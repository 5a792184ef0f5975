package io.jimbot.eventbus.processor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.kept.Lane;
import io.jimbot.eventbus.service.record.OriginalPosition;
import io.jimbot.events.v1.ReplayRequest;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Makes the records that a replay writes: the events as they were, marked with the replay and with
 * where they were first, at the time of their replaying. Their key decides the partition, so that
 * events of one key stay in order. Immutable.
 */
final class ReplayTarget {

  private final String topic;
  private final byte[] replayId;
  private final byte[] group;

  ReplayTarget(KafkaTopics topics, ReplayRequest request) {
    boolean toGroup = request.hasGroup();
    this.topic = toGroup ? topics.events() : topics.replay(request.getReplayId());
    this.replayId = request.getReplayId().getBytes(UTF_8);
    this.group = request.getGroup().getBytes(UTF_8);
  }

  /** The Kafka topic that is written to. */
  String topic() {
    return topic;
  }

  /**
   * The record for the next event of a lane.
   *
   * @param atMillis when it is replayed, in milliseconds since 1970
   */
  ProducerRecord<byte[], byte[]> record(Lane lane, long atMillis) {
    return record(lane.head(), lane.headOrigin(), atMillis);
  }

  /** The record for an event. */
  ProducerRecord<byte[], byte[]> record(
      ConsumerRecord<byte[], byte[]> event, OriginalPosition origin, long atMillis) {
    RecordHeaders headers = new RecordHeaders(event.headers());
    Header orderingKey = headers.lastHeader(HeaderNames.ORDERING_KEY);
    byte[] key = orderingKey == null ? event.key() : orderingKey.value();
    headers.remove(HeaderNames.ORDERING_KEY);
    headers.remove(HeaderNames.ORIGINAL_POSITION);
    headers.remove(HeaderNames.REDRIVE_FROM);
    headers.add(HeaderNames.REPLAY_ID, replayId);
    headers.add(HeaderNames.ORIGINAL_POSITION, origin.toBytes());
    if (group.length > 0) {
      headers.add(HeaderNames.FOR_GROUP, group);
    }
    return new ProducerRecord<>(topic, null, atMillis, key, event.value(), headers);
  }
}
