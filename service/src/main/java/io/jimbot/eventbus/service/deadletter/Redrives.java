package io.jimbot.eventbus.service.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.json.BodyDecoder;
import io.jimbot.eventbus.event.json.DecodeLimits;
import io.jimbot.eventbus.event.json.Decoded;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.record.FactHeaders;
import io.jimbot.eventbus.service.record.HeaderTime;
import io.jimbot.eventbus.service.record.OrderingKey;
import io.jimbot.eventbus.service.record.OriginalPosition;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterTarget;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.RecordPosition;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes events out of dead letters again, or says why that cannot be. What was read as an event
 * before goes as it is; JSON is decoded again, under the rules of today. Not thread-safe.
 */
public final class Redrives {

  /** Not the event's, or set anew. */
  private static final Set<String> NOT_TAKEN_OVER =
      Set.of(
          DeadLetterRecords.ORDERING_KEY,
          HeaderNames.CONTENT_TYPE,
          HeaderNames.DELIVER_AT,
          HeaderNames.EXPIRES_AT,
          HeaderNames.REDRIVE_OF,
          HeaderNames.REDRIVE_COUNT,
          HeaderNames.FOR_GROUP,
          HeaderNames.REDRIVE_FROM);

  private final KafkaTopics topics;
  private final int maxRedrives;
  private final FactHeaders factHeaders;
  private final BodyDecoder decoder;

  /**
   * @param topics the log, and where events wait for their time
   * @param maxRedrives how often an event may come again from the dead letters
   */
  public Redrives(KafkaTopics topics, int maxRedrives, EventCatalogue catalogue) {
    this.topics = topics;
    this.maxRedrives = maxRedrives;
    this.factHeaders = new FactHeaders(catalogue);
    this.decoder = new BodyDecoder(DecodeLimits.DEFAULT, catalogue);
  }

  /**
   * What becomes of a dead letter.
   *
   * @param key the key of its record
   * @param now when it is to be sent
   */
  public Redrive of(DeadLetter letter, byte[] key, DeadLetterTarget target, Instant now) {
    int count = RedriveCount.of(letter);
    if (count >= maxRedrives) {
      return new Redrive.Refused(
          "redrive_limit",
          "the event has come again " + count + " times; the limit is " + maxRedrives);
    }
    Redrive.Refused misdirected = misdirected(letter, target);
    if (misdirected != null) {
      return misdirected;
    }
    long expires = time(letter, HeaderNames.EXPIRES_AT, Long.MAX_VALUE);
    if (expires <= now.toEpochMilli()) {
      return new Redrive.Refused("expired", "the event's time was over");
    }
    String topic = topic(letter, now);
    Redrive event =
        letter.getContentType().startsWith(DeadLetterRecords.JSON)
            ? decoded(letter, topic, now)
            : stored(letter, topic, key);
    if (event instanceof Redrive.Possible possible) {
      Headers headers = possible.record().headers();
      headers.add(HeaderNames.CONTENT_TYPE, FactHeaders.CONTENT_TYPE.getBytes(UTF_8));
      headers.add(HeaderNames.REDRIVE_OF, letter.getDeadLetterId().getBytes(UTF_8));
      headers.add(HeaderNames.REDRIVE_COUNT, Integer.toString(count + 1).getBytes(UTF_8));
      addTimes(headers, letter, topic);
      addGroup(headers, letter, target);
    }
    return event;
  }

  /** An event that comes again before its time waits for that, like any other. */
  private String topic(DeadLetter letter, Instant now) {
    return time(letter, HeaderNames.DELIVER_AT, 0) > now.toEpochMilli()
        ? topics.delayed()
        : topics.events();
  }

  private void addTimes(Headers headers, DeadLetter letter, String topic) {
    if (letter.containsHeaders(HeaderNames.EXPIRES_AT)) {
      headers.add(
          HeaderNames.EXPIRES_AT, letter.getHeadersOrThrow(HeaderNames.EXPIRES_AT).toByteArray());
    }
    if (topic.equals(topics.delayed())) {
      headers.add(
          HeaderNames.DELIVER_AT, letter.getHeadersOrThrow(HeaderNames.DELIVER_AT).toByteArray());
    }
  }

  /** Who it is for, and for the group at which it failed, that it is no repeat of what it has. */
  private void addGroup(Headers headers, DeadLetter letter, DeadLetterTarget target) {
    if (isForAll(letter, target)) {
      // It is one more in the log, with a place of its own.
      headers.remove(HeaderNames.ORIGINAL_POSITION);
      if (letter.hasGroup()) {
        headers.add(HeaderNames.REDRIVE_FROM, letter.getGroup().getBytes(UTF_8));
      }
      return;
    }
    headers.add(HeaderNames.FOR_GROUP, letter.getGroup().getBytes(UTF_8));
    addPlace(headers, letter);
  }

  /** Nobody has had what failed at no group, or before it came into the log. */
  private boolean isForAll(DeadLetter letter, DeadLetterTarget target) {
    return target == DeadLetterTarget.DEAD_LETTER_TARGET_LOG
        || (target != DeadLetterTarget.DEAD_LETTER_TARGET_GROUP
            && (!letter.hasGroup() || letter.getOrigin().getTopic().equals(topics.delayed())));
  }

  /** For the group it is the same event as before, not one more. */
  private static void addPlace(Headers headers, DeadLetter letter) {
    if (letter.hasOrigin() && OriginalPosition.read(headers) == null) {
      RecordPosition origin = letter.getOrigin();
      headers.add(
          HeaderNames.ORIGINAL_POSITION,
          new OriginalPosition(
                  origin.getTopic(),
                  origin.getPartition(),
                  origin.getOffset(),
                  WireTime.instant(letter.getFirstFailedAt()).toEpochMilli())
              .toBytes());
    }
  }

  private Redrive.@Nullable Refused misdirected(DeadLetter letter, DeadLetterTarget target) {
    if (target == DeadLetterTarget.DEAD_LETTER_TARGET_GROUP && !letter.hasGroup()) {
      return new Redrive.Refused("no_group", "it failed at no group: redrive it to the log");
    }
    String origin = letter.getOrigin().getTopic();
    return !isForAll(letter, target) && !origin.isEmpty() && !origin.equals(topics.events())
        ? new Redrive.Refused(
            "not_from_log",
            "it came from "
                + origin
                + ", which the group gets by another way: redrive it to the log")
        : null;
  }

  /** What a gateway stored in the log once, or would have. */
  private static Redrive stored(DeadLetter letter, String topic, byte[] key) {
    if (!letter.containsHeaders(HeaderNames.EVENT_TYPE)
        || !letter.containsHeaders(HeaderNames.IDEMPOTENCY_KEY)) {
      return unreadable(letter, "it is no event that the bus had accepted");
    }
    byte[] event;
    try {
      event = ConfluentFrame.message(letter.getOriginal().toByteArray()).toByteArray();
      Event unused = Event.parseFrom(event);
    } catch (InvalidProtocolBufferException e) {
      return unreadable(letter, String.valueOf(e.getMessage()));
    }
    Headers headers = new RecordHeaders();
    letter
        .getHeadersMap()
        .forEach(
            (name, value) -> {
              if (!NOT_TAKEN_OVER.contains(name)) {
                headers.add(name, value.toByteArray());
              }
            });
    return new Redrive.Possible(new ProducerRecord<>(topic, null, null, key, event, headers));
  }

  private Redrive decoded(DeadLetter letter, String topic, Instant now) {
    byte[] json = letter.getOriginal().toByteArray();
    // An event without an id gets the same one each time, so that it is not doubled.
    Decoded piece = decoder.event(json, json.length, now, letter::getDeadLetterId);
    if (piece instanceof Decoded.Readable event) {
      Headers headers = new RecordHeaders();
      factHeaders.addTo(headers, event.facts());
      String chosen = text(letter, DeadLetterRecords.ORDERING_KEY);
      String trace = text(letter, HeaderNames.TRACEPARENT);
      if (!trace.isEmpty()) {
        headers.add(HeaderNames.TRACEPARENT, trace.getBytes(UTF_8));
      }
      byte[] key = OrderingKey.of(chosen, letter.getProducer(), event.facts()).getBytes(UTF_8);
      return new Redrive.Possible(
          new ProducerRecord<>(topic, null, null, key, event.value(), headers));
    }
    return unreadable(letter, ((Decoded.Broken) piece).message());
  }

  private static Redrive unreadable(DeadLetter letter, String why) {
    return new Redrive.Refused(
        "unreadable",
        "the "
            + letter.getOriginal().size()
            + " original bytes are still no acceptable event ("
            + why
            + "): correct and send them again, and discard the dead letter");
  }

  /** In milliseconds since 1970. */
  private static long time(DeadLetter letter, String header, long otherwise) {
    return HeaderTime.millis(
        letter.getHeadersOrDefault(header, ByteString.EMPTY).toByteArray(), otherwise);
  }

  private static String text(DeadLetter letter, String header) {
    return letter.getHeadersOrDefault(header, ByteString.EMPTY).toStringUtf8();
  }
}
