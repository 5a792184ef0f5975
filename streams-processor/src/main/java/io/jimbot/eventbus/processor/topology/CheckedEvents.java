package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.kafka.FailedRecords;
import io.jimbot.eventbus.processor.kafka.FailedRecords.Origin;
import io.jimbot.eventbus.service.record.OriginalPosition;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Lets events go on, marked with their place in the log, and sends what is none to the dead
 * letters. What comes again for one group alone is nobody else's: it is kept already, unless this
 * is where it failed.
 */
final class CheckedEvents extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

  private final EventCheck check;
  private final FailedRecords failures;

  CheckedEvents(EventCheck check, FailedRecords failures) {
    this.check = check;
    this.failures = failures;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata place =
        context().recordMetadata().orElseThrow(() -> new IllegalStateException("no record"));
    String onlyFor = EventHeaders.text(record.headers(), HeaderNames.FOR_GROUP);
    boolean isSecondTry = SecondTry.isOf(failures.group(), record.headers());
    if (!onlyFor.isEmpty() && !isSecondTry) {
      return;
    }
    MissingHeaders.add(record, place);
    RecordFault fault = check.fault(record);
    if (fault != null) {
      refuse(record, place, fault);
      return;
    }
    Headers headers = record.headers();
    OriginalPosition first = isSecondTry ? OriginalPosition.read(headers) : null;
    if (first == null) {
      first =
          new OriginalPosition(
              place.topic(), place.partition(), place.offset(), record.timestamp());
    }
    headers.remove(HeaderNames.ORIGINAL_POSITION);
    headers.add(HeaderNames.ORIGINAL_POSITION, first.toBytes());
    context().forward(record, RetentionTopology.DISTINCT);
  }

  private void refuse(Record<byte[], byte[]> record, RecordMetadata place, RecordFault fault) {
    Origin origin =
        new Origin(
            place.topic(),
            place.partition(),
            place.offset(),
            record.key(),
            record.value(),
            record.headers());
    ProducerRecord<byte[], byte[]> letter =
        failures.record(origin, fault.stage(), fault.reason(), fault.message());
    context()
        .forward(
            new Record<>(letter.key(), letter.value(), letter.timestamp(), letter.headers()),
            RetentionTopology.DEAD_LETTERS);
  }
}
