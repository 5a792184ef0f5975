package io.jimbot.eventbus.service.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.events.v1.ReplayProgress;
import io.jimbot.events.v1.ReplayRecord;
import io.jimbot.events.v1.ReplayRequest;
import io.jimbot.events.v1.ReplayWish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Writes and reads the records of the replays topic. Immutable. */
public final class ReplayRecords {

  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");
  private static final byte[] CONTENT_TYPE =
      "application/x-protobuf; messageType=jimbot.events.v1.ReplayRecord".getBytes(UTF_8);

  /**
   * How the replays topic is kept: the newest record of each key, and old ones not for long, since
   * a replay that runs writes some in every second.
   */
  public static final Map<String, String> TOPIC_CONFIG =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_COMPACT,
          TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
          "0.1",
          TopicConfig.SEGMENT_BYTES_CONFIG,
          Integer.toString(16 * 1024 * 1024),
          TopicConfig.SEGMENT_MS_CONFIG,
          Long.toString(Duration.ofMinutes(10).toMillis()));

  private final String topic;

  /** For a topic of this name. */
  public ReplayRecords(String topic) {
    this.topic = topic;
  }

  /** What a record is about. */
  public enum Kind {
    /** What is to be replayed. */
    REQUEST("/request"),
    /** What is wanted of it. */
    WISH("/wish"),
    /** How far it has come. */
    PROGRESS("/progress");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }
  }

  /**
   * What a key says.
   *
   * @param id the replay
   * @param kind the kind of record
   */
  public record Key(String id, Kind kind) {

    /** Null if it is no key of ours. */
    public static @Nullable Key read(byte @Nullable [] bytes) {
      String text = bytes == null ? "" : new String(bytes, UTF_8);
      for (Kind kind : Kind.values()) {
        String id =
            text.endsWith(kind.suffix)
                ? text.substring(0, text.length() - kind.suffix.length())
                : "";
        if (isId(id)) {
          return new Key(id, kind);
        }
      }
      return null;
    }

    byte[] toBytes() {
      return (id + kind.suffix).getBytes(UTF_8);
    }
  }

  /** Whether a text can be a replay's id. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** The partition for a new replay's records. */
  public static int partition(String id, int partitions) {
    return Utils.toPositive(Utils.murmur2(id.getBytes(UTF_8))) % partitions;
  }

  /** The record that asks for a replay. */
  public ProducerRecord<byte[], byte[]> of(int partition, ReplayRequest request) {
    return record(
        partition,
        new Key(request.getReplayId(), Kind.REQUEST),
        ReplayRecord.newBuilder().setRequest(request).build());
  }

  /** The record that wishes something of it. */
  public ProducerRecord<byte[], byte[]> of(int partition, ReplayWish wish) {
    return record(
        partition,
        new Key(wish.getReplayId(), Kind.WISH),
        ReplayRecord.newBuilder().setWish(wish).build());
  }

  /** The record that tells how far it has come. */
  public ProducerRecord<byte[], byte[]> of(int partition, ReplayProgress progress) {
    return record(
        partition,
        new Key(progress.getReplayId(), Kind.PROGRESS),
        ReplayRecord.newBuilder().setProgress(progress).build());
  }

  /** The records that make all others of a replay go, the request first. */
  public List<ProducerRecord<byte[], byte[]>> forgetting(int partition, String id) {
    return Stream.of(Kind.values())
        .map(kind -> record(partition, new Key(id, kind), null))
        .toList();
  }

  private ProducerRecord<byte[], byte[]> record(
      int partition, Key key, @Nullable ReplayRecord value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.CONTENT_TYPE, CONTENT_TYPE);
    return new ProducerRecord<>(
        topic, partition, key.toBytes(), value == null ? null : value.toByteArray(), headers);
  }

  /** Reads a record's value; null if it is none of ours, or is not of the kind of its key. */
  static @Nullable ReplayRecord read(Key key, byte[] value) {
    try {
      ReplayRecord record = ReplayRecord.parseFrom(value);
      boolean good =
          switch (record.getRecordCase()) {
            case REQUEST ->
                key.equals(new Key(record.getRequest().getReplayId(), Kind.REQUEST))
                    && record.getRequest().getTopicsCount() > 0;
            case WISH -> key.equals(new Key(record.getWish().getReplayId(), Kind.WISH));
            case PROGRESS -> key.equals(new Key(record.getProgress().getReplayId(), Kind.PROGRESS));
            case RECORD_NOT_SET -> false;
          };
      return good ? record : null;
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }
}
