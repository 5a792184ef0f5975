package io.jimbot.eventbus.service.migration;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.upcast.Upcasters;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.eventbus.service.record.VersionHeader;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.Event;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Makes the records of the target out of those of the source: the same partition, key, time and
 * headers, and the event in the current version of its type. What is no event, or is current, stays
 * as it is. Belongs to one thread.
 */
final class MigratedRecords {

  private final String target;
  private final Upcasters upcasters;
  private final boolean keepFailing;
  private long records;
  private long upcast;
  private long failed;

  /**
   * @param keepFailing whether an event that a step cannot take stays as it is, else it is refused
   */
  MigratedRecords(String target, Upcasters upcasters, boolean keepFailing) {
    this.target = target;
    this.upcasters = upcasters;
    this.keepFailing = keepFailing;
  }

  /** The target's record. */
  ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> source) throws MigrationRefused {
    StoredEvent event = new StoredEvent(source);
    ProducerRecord<byte[], byte[]> migrated =
        upcasters.isOutdated(event.type(), event.version())
            ? current(source, event)
            : record(source, source.value(), source.headers());
    records++;
    return migrated;
  }

  private ProducerRecord<byte[], byte[]> current(
      ConsumerRecord<byte[], byte[]> source, StoredEvent event) throws MigrationRefused {
    Event current;
    try {
      current = upcasters.toCurrent(Event.parseFrom(event.value()));
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      if (keepFailing) {
        failed++;
        return record(source, source.value(), source.headers());
      }
      throw new MigrationRefused(
          "the event at "
              + source.topic()
              + "/"
              + source.partition()
              + "/"
              + source.offset()
              + " cannot be brought from version "
              + event.version()
              + " of "
              + event.type()
              + " to the current one: "
              + e.getMessage(),
          e);
    }
    upcast++;
    Headers headers = new RecordHeaders(source.headers());
    headers.remove(HeaderNames.VERSION);
    headers.add(VersionHeader.of(Upcasters.versionOf(current)));
    return record(source, framed(source.value(), current.toByteString()), headers);
  }

  /** With the frame of the old value, if it has one: its schema is that of all events. */
  private static byte[] framed(byte[] old, ByteString message) {
    int start = Math.max(0, ConfluentFrame.messageStart(old));
    byte[] value = Arrays.copyOf(old, start + message.size());
    message.copyTo(value, start);
    return value;
  }

  private ProducerRecord<byte[], byte[]> record(
      ConsumerRecord<byte[], byte[]> source, byte[] value, Headers headers) {
    return new ProducerRecord<>(
        target, source.partition(), source.timestamp(), source.key(), value, headers);
  }

  /** The counts, with those places. */
  MigrationProgress progress(long places, long allPlaces) {
    return new MigrationProgress(places, allPlaces, records, upcast, failed);
  }
}
