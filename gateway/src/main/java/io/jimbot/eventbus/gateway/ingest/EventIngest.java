package io.jimbot.eventbus.gateway.ingest;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.json.BodyDecoder;
import io.jimbot.eventbus.event.json.Decoded;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.telemetry.IngestMetrics;
import io.jimbot.eventbus.gateway.telemetry.TraceSpan;
import io.jimbot.eventbus.gateway.telemetry.Tracing;
import io.jimbot.eventbus.service.deadletter.DeadLetterRecords;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.record.FactHeaders;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The way of every body: decoded on the caller's thread, each event handed to the publisher in the
 * order of the body, each outcome told when Kafka has answered. A piece that is no acceptable event
 * of a batch goes to the dead letters; one that was submitted alone does not, since its sender is
 * told. Thread-safe.
 */
public final class EventIngest implements Ingest {
  private final DecoderPool decoders;
  private final ProtobufEvents protobuf;
  private final EventRecords records;
  private final RefusedPieces deadLetters;
  private final Publisher publisher;
  private final Publisher oncePublisher;
  private final IngestMetrics metrics;
  private final GameSightings games;
  private final Tracing tracing;
  private final LongSupplier nanoClock;
  private final Supplier<String> ids;

  /**
   * @param settings what a body may ask for
   * @param catalogue the types that are known
   * @param publisher takes the records
   * @param topics where they go
   * @param metrics told of every event
   * @param games told of the games that events name
   * @param tracing makes a span of each submission
   * @param nanoClock measures how long acknowledgements take, in nanoseconds
   */
  public EventIngest(
      IngestSettings settings,
      EventCatalogue catalogue,
      Publisher publisher,
      KafkaTopics topics,
      IngestMetrics metrics,
      GameSightings games,
      Tracing tracing,
      LongSupplier nanoClock) {
    this.decoders = new DecoderPool(settings.limits(), catalogue);
    this.records = new EventRecords(topics.events(), topics.delayed(), catalogue);
    this.deadLetters = new RefusedPieces(new DeadLetterRecords(topics.deadLetters()));
    this.publisher = publisher;
    this.oncePublisher =
        new OncePublisher(publisher, settings.repeatKeys(), settings.repeatWindow(), nanoClock);
    this.metrics = metrics;
    this.games = games;
    this.tracing = tracing;
    this.nanoClock = nanoClock;
    this.ids = () -> UUID.randomUUID().toString();
    this.protobuf = new ProtobufEvents(settings.limits(), catalogue, ids);
  }

  @Override
  public CompletableFuture<List<Outcome>> submit(Submission submission) {
    long startNanos = nanoClock.getAsLong();
    metrics.bodyReceived(submission.length());
    List<Decoded> pieces = decoders.with(decoder -> decode(decoder, submission));
    return submit(submission, pieces, publisher, startNanos);
  }

  @Override
  public CompletableFuture<List<Outcome>> submit(EventSubmission submission) {
    long startNanos = nanoClock.getAsLong();
    ProtobufEvents.Read read = protobuf.read(submission);
    return submit(read.submission(), read.pieces(), oncePublisher, startNanos);
  }

  private CompletableFuture<List<Outcome>> submit(
      Submission received, List<Decoded> pieces, Publisher events, long startNanos) {
    TraceSpan span =
        tracing
            .publish(received.traceparent())
            .with("messaging.batch.message_count", pieces.size());
    Submission submission = received.tracedAs(span.traceparent());
    tellGames(submission.producer(), pieces);
    OutcomeCollector collector = new OutcomeCollector(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      new Delivery(submission, pieces.get(i), i, events, collector, startNanos).start();
    }
    CompletableFuture<List<Outcome>> answer = collector.answer();
    return span.isRecorded() ? answer.whenComplete((outcomes, failure) -> span.end()) : answer;
  }

  /** Once for a row of events of the same game. */
  private void tellGames(String producer, List<Decoded> pieces) {
    String last = null;
    for (Decoded piece : pieces) {
      if (piece instanceof Decoded.Readable event) {
        String game = FactHeaders.game(event.facts());
        if (game != null && !game.equals(last)) {
          games.seen(producer, game);
          last = game;
        }
      }
    }
  }

  private List<Decoded> decode(BodyDecoder decoder, Submission submission) {
    byte[] body = submission.body();
    int length = submission.length();
    return switch (submission.kind()) {
      case SINGLE -> List.of(decoder.event(body, length, submission.receivedAt(), ids));
      case BATCH -> decoder.batch(body, length, submission.receivedAt(), ids);
      case LINES -> decoder.lines(body, length, submission.receivedAt(), ids);
      case PROTOBUF_BATCH -> throw new IllegalArgumentException("Protobuf events come decoded");
    };
  }

  /** One piece of a body on its way to Kafka. */
  private final class Delivery {
    private final Submission submission;
    private final Decoded piece;
    private final int index;
    private final Publisher events;
    private final OutcomeCollector collector;
    private final long startNanos;

    Delivery(
        Submission submission,
        Decoded piece,
        int index,
        Publisher events,
        OutcomeCollector collector,
        long startNanos) {
      this.submission = submission;
      this.piece = piece;
      this.index = index;
      this.events = events;
      this.collector = collector;
      this.startNanos = startNanos;
    }

    void start() {
      if (piece instanceof Decoded.Readable event) {
        publish(event);
      } else if (piece instanceof Decoded.Broken broken) {
        refuse(broken);
      }
    }

    private void publish(Decoded.Readable event) {
      EventFacts facts = event.facts();
      metrics.received(facts.type(), event.unmapped(), event.misfits());
      // An id that was assigned just now was never seen before.
      Publisher way = facts.eventIdAssigned() ? publisher : events;
      ProducerRecord<byte[], byte[]> record = records.record(submission, facts, event.value());
      way.publish(
          record,
          outcome ->
              outcome.handle(
                  stored -> accept(event, stored),
                  unavailable -> fail(facts.type().name(), producersId(facts), unavailable),
                  impossible -> refuseForGood(event, record, impossible)));
    }

    private @Nullable String producersId(EventFacts facts) {
      return facts.eventIdAssigned() ? null : facts.eventId();
    }

    private void accept(Decoded.Readable event, PublishOutcome.Stored stored) {
      EventFacts facts = event.facts();
      metrics.accepted(
          facts.type(),
          event.value().length,
          nanoClock.getAsLong() - startNanos,
          submission.traceparent());
      if (stored.repeat()) {
        metrics.repeated();
      }
      done(
          new Outcome.Accepted(
              facts.eventId(),
              stored.topic(),
              stored.partition(),
              stored.offset(),
              stored.repeat()));
    }

    private void fail(
        @Nullable String type, @Nullable String eventId, PublishOutcome.Unavailable unavailable) {
      metrics.failed(type, unavailable.reason());
      done(new Outcome.Failed(unavailable.reason(), unavailable.message(), eventId));
    }

    private void refuseForGood(
        Decoded.Readable event,
        ProducerRecord<byte[], byte[]> record,
        PublishOutcome.Impossible impossible) {
      String type = event.facts().type().name();
      String eventId = producersId(event.facts());
      Refusal refusal =
          new Refusal(false, impossible.reason(), rootPath(), impossible.message(), eventId, type);
      if (submission.kind() == Submission.Kind.SINGLE) {
        refused(refusal, false);
      } else {
        publisher.publish(
            deadLetters.record(
                submission, event, record, impossible.reason(), impossible.message()),
            outcome -> afterDeadLetter(refusal, outcome));
      }
    }

    private String rootPath() {
      return submission.kind() == Submission.Kind.SINGLE ? "" : "events[" + index + "]";
    }

    private void refuse(Decoded.Broken broken) {
      metrics.receivedBroken(broken.type());
      Refusal refusal =
          new Refusal(
              broken.malformed(),
              broken.reason(),
              broken.path(),
              broken.message(),
              broken.eventId(),
              broken.type());
      boolean nothingToKeep = broken.length() == 0;
      if (submission.kind() == Submission.Kind.SINGLE || nothingToKeep) {
        refused(refusal, false);
      } else {
        publisher.publish(
            deadLetters.record(submission, broken), outcome -> afterDeadLetter(refusal, outcome));
      }
    }

    /** A refused event counts as answered only once its bytes are safe, or can never be. */
    private void afterDeadLetter(Refusal refusal, PublishOutcome outcome) {
      outcome.handle(
          stored -> {
            metrics.deadLettered(refusal.reason());
            refused(refusal, true);
          },
          unavailable -> fail(refusal.type(), refusal.eventId(), unavailable),
          impossible -> refused(refusal, false));
    }

    private void refused(Refusal refusal, boolean deadLettered) {
      metrics.refused(refusal.type(), refusal.reason());
      done(refusal.outcome(deadLettered));
    }

    private void done(Outcome outcome) {
      collector.set(index, outcome);
    }
  }

  /** Why a piece is refused, before it is known whether its bytes could be kept. */
  private record Refusal(
      boolean malformed,
      String reason,
      String path,
      String message,
      @Nullable String eventId,
      @Nullable String type) {
    Outcome.Refused outcome(boolean deadLettered) {
      return new Outcome.Refused(malformed, reason, path, message, eventId, deadLettered);
    }
  }
}
