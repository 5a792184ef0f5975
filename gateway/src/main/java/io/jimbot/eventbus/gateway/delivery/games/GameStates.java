package io.jimbot.eventbus.gateway.delivery.games;

import io.jimbot.eventbus.gateway.delivery.LogReader;
import io.jimbot.eventbus.gateway.delivery.Places;
import io.jimbot.eventbus.gateway.kafka.KafkaLink;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for the newest state of each game out of the compacted topic that the processor writes,
 * on any gateway and whether a processor runs now or not. The daemon thread {@code games-index}
 * follows the topic from its beginning and knows where each state lies; {@code games-reader} reads
 * the one that is asked for. Thread-safe; whoever made it closes it.
 */
public final class GameStates implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GameStates.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration READ_POLL = Duration.ofMillis(50);
  private static final long IDLE_MILLIS = 500;
  private static final long RETRY_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 3_000;

  private final GamesSettings settings;
  private final GameIndex index;
  private final KafkaLink kafka;
  private final BlockingQueue<Question> questions;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> threads;

  /** Whether the index has come to the topic's end once; written by its thread. */
  private volatile boolean complete;

  private record Question(String game, CompletableFuture<GameAnswer> answer) {}

  /**
   * Does no I/O.
   *
   * @param kafka makes the consumers
   */
  public GameStates(GamesSettings settings, KafkaLink kafka) {
    this.settings = settings;
    this.index = new GameIndex(settings.maxGames());
    this.kafka = kafka;
    this.questions = new ArrayBlockingQueue<>(settings.maxWaiting());
    this.threads =
        List.of(new Thread(this::follow, "games-index"), new Thread(this::serve, "games-reader"));
    threads.forEach(thread -> thread.setDaemon(true));
  }

  /** Starts the threads, and returns. */
  public void start() {
    threads.forEach(Thread::start);
  }

  /** Whether all games are known; not before the topic was read to its end. */
  public boolean isComplete() {
    return complete;
  }

  /** How many games are known. */
  public int size() {
    return index.size();
  }

  /**
   * Games in the order of their ids.
   *
   * @param after those after this id; empty for all
   */
  public List<GamePlace> list(String after, int limit) {
    return index.list(after, limit);
  }

  /** Asks for the newest state of a game. Never blocks; the answer comes on a thread of its own. */
  public CompletableFuture<GameAnswer> state(String game) {
    CompletableFuture<GameAnswer> answer = new CompletableFuture<>();
    if (!complete) {
      answer.complete(GameAnswer.of(GameAnswer.Kind.UNAVAILABLE));
    } else if (index.get(game) == null) {
      answer.complete(GameAnswer.of(GameAnswer.Kind.UNKNOWN));
    } else if (!questions.offer(new Question(game, answer))) {
      answer.complete(GameAnswer.of(GameAnswer.Kind.BUSY));
    }
    return answer;
  }

  private LogReader reader(String clientId) {
    return new LogReader(kafka.newSeekingConsumer(clientId), kafka.topics().gamesLatest());
  }

  private void follow() {
    try {
      while (!stop.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
        try (LogReader reader = reader("eventbus-games-index")) {
          read(reader);
        } catch (KafkaException e) {
          LOG.debug("the newest states of games cannot be followed now", e);
        } catch (RuntimeException e) {
          LOG.error("bug: the index of games threw", e);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("index of games interrupted");
    }
  }

  private void read(LogReader reader) {
    int partitions = reader.learnPartitions();
    index.clear();
    complete = false;
    Places end = new Places(reader.end());
    reader.seek(new Places(reader.begin()));
    while (stop.getCount() > 0 && reader.learnPartitions() == partitions) {
      reader.poll(POLL).forEach(index::put);
      if (!complete && new Places(reader.position()).reaches(end.toArray())) {
        complete = true;
        LOG.info("the newest states of games are known games={}", index.size());
      }
    }
  }

  private void serve() {
    try {
      while (stop.getCount() > 0) {
        Question next = questions.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          serve(next);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("reader of games interrupted");
    }
  }

  /** With one consumer as long as somebody asks. */
  private void serve(Question first) throws InterruptedException {
    Question question = first;
    try (LogReader reader = reader("eventbus-games-reader")) {
      reader.learnPartitions();
      while (question != null && stop.getCount() > 0) {
        question.answer().complete(answer(question.game(), reader));
        reader.rest();
        question = questions.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (KafkaException e) {
      LOG.warn("a state cannot be read error={}", e.toString());
      unavailable(question);
    } catch (RuntimeException e) {
      LOG.error("bug: the reader of games threw", e);
      unavailable(question);
    }
  }

  private static void unavailable(@Nullable Question question) {
    if (question != null) {
      question.answer().complete(GameAnswer.of(GameAnswer.Kind.UNAVAILABLE));
    }
  }

  private GameAnswer answer(String game, LogReader reader) {
    long deadlineNanos = System.nanoTime() + settings.maxTime().toNanos();
    while (System.nanoTime() < deadlineNanos) {
      GamePlace place = index.get(game);
      if (place == null) {
        return GameAnswer.of(GameAnswer.Kind.UNKNOWN);
      }
      ConsumerRecord<byte[], byte[]> record = read(place, reader, deadlineNanos);
      if (record != null) {
        return new GameAnswer(GameAnswer.Kind.FOUND, new StoredEvent(record));
      }
    }
    return GameAnswer.of(GameAnswer.Kind.UNAVAILABLE);
  }

  /** Null if it is not there any more: there is a newer one then, which the index will hear of. */
  private static @Nullable ConsumerRecord<byte[], byte[]> read(
      GamePlace place, LogReader reader, long deadlineNanos) {
    reader.seek(place.partition(), place.offset());
    while (System.nanoTime() < deadlineNanos) {
      for (ConsumerRecord<byte[], byte[]> record : reader.poll(READ_POLL)) {
        return record.offset() == place.offset() ? record : null;
      }
    }
    return null;
  }

  /** Ends the threads; bounded, may be called twice. Requests that wait get no answer. */
  @Override
  public void close() {
    stop.countDown();
    try {
      for (Thread thread : threads) {
        thread.join(CLOSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
