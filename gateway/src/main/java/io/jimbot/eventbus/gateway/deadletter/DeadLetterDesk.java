package io.jimbot.eventbus.gateway.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.service.deadletter.Redrive;
import io.jimbot.eventbus.service.deadletter.Redrives;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.settings.Setting;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterSelector;
import io.jimbot.events.v1.DeadLetterTarget;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about dead letters, one at a time on a thread of its own, and asks the
 * processor to redrive or discard them. No method blocks; a future fails with a {@link
 * org.apache.kafka.common.KafkaException} if Kafka is away, and with a {@link
 * java.util.concurrent.RejectedExecutionException} if too many wait. Thread-safe.
 */
public final class DeadLetterDesk {

  /** Less than clients wait, as others wait for the thread. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What the states may take: some 800,000 of them in the image's heap of 307 MB. */
  private static final int HEAP_PERCENT = 10;

  /** What the actions may take: some thousands in that heap, if they name few dead letters. */
  private static final int ACTIONS_HEAP_PERCENT = 5;

  private static final DataSize LEAST_ROOM = DataSize.mebibytes(1);

  /** Here it is only said early what the processor would say. */
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private final KafkaTopics topics;
  private final Publisher publisher;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Executor thread;
  private final LetterReader reader;
  private final AskedActions actions;
  private final Redrives redrives;

  /**
   * Does no I/O.
   *
   * @param keep how long a dead letter is known, as long as its topic keeps it
   * @param consumers makes the consumer of one question
   * @param thread runs one task at a time; refuses when too many wait
   */
  public DeadLetterDesk(
      KafkaTopics topics,
      Publisher publisher,
      Duration keep,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Executor thread) {
    this.topics = topics;
    this.publisher = publisher;
    this.consumers = consumers;
    this.thread = thread;
    this.reader =
        new LetterReader(
            topics,
            keep,
            PATIENCE,
            Setting.shareOfHeap(HEAP_PERCENT, "room for dead letters", LEAST_ROOM),
            InstantSource.system());
    this.actions =
        new AskedActions(
            topics.deadLetterActions(),
            Setting.shareOfHeap(ACTIONS_HEAP_PERCENT, "room for actions", LEAST_ROOM));
    this.redrives = new Redrives(topics, NO_LIMIT, EventCatalogue.builtIn());
  }

  /** A page of dead letters. */
  public CompletableFuture<LetterPage> page(
      DeadLetterSelector selector, int limit, long @Nullable [] cursor) {
    return ask(consumer -> reader.page(consumer, selector, limit, cursor));
  }

  /** One dead letter; what is no id of the bus is none. */
  public CompletableFuture<Optional<FoundLetter>> find(String id) {
    return DeadLetterId.millis(id) < 0
        ? CompletableFuture.completedFuture(Optional.empty())
        : ask(consumer -> Optional.ofNullable(reader.find(consumer, id)));
  }

  /** How many an action would concern; {@link TooMuchToReadException} if that takes too long. */
  public CompletableFuture<LetterCount> count(DeadLetterSelector selector) {
    return ask(consumer -> reader.count(consumer, selector));
  }

  /**
   * A page of actions, the latest first.
   *
   * @param limit how many at most; fewer if they are large
   * @param cursor of the page before; null for the first page
   */
  public CompletableFuture<ActionPage> actions(int limit, @Nullable String cursor) {
    return ask(consumer -> actions.page(consumer, limit, cursor));
  }

  /** One action; what has no room any more is none. */
  public CompletableFuture<Optional<TrackedAction>> action(String id) {
    return ask(consumer -> Optional.ofNullable(actions.find(consumer, id)));
  }

  /** What would become of a dead letter that is redriven now. */
  public CompletableFuture<Redrive> redrivable(FoundLetter letter, DeadLetterTarget target) {
    return CompletableFuture.supplyAsync(
        () -> redrives.of(letter.letter(), letter.key(), target, Instant.now()), thread);
  }

  /** Asks for an action; the outcome says whether the request is stored. */
  public CompletableFuture<PublishOutcome> ask(DeadLetterAction action) {
    CompletableFuture<PublishOutcome> stored = new CompletableFuture<>();
    byte[] key = ("action/" + action.getActionId()).getBytes(UTF_8);
    publisher.publish(
        new ProducerRecord<>(topics.deadLetterActions(), key, action.toByteArray()),
        stored::complete);
    return stored;
  }

  private <T> CompletableFuture<T> ask(Function<Consumer<byte[], byte[]>, T> question) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            return question.apply(consumer);
          }
        },
        thread);
  }
}
