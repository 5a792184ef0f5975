package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.processor.kafka.FailedRecords;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * From the log to the topics of the retention classes, without repetitions and what has expired,
 * and to the newest state of each game:
 *
 * <pre>
 *   log ─► checked ─► distinct ─► routed ─► classes
 *             │                     └─────► games ─► latest
 *             └─► dead letters
 * </pre>
 *
 * <p>All of it happens in the log's own partitions, so order per key is kept. Immutable.
 */
public final class RetentionTopology {

  /**
   * How long it is remembered which state of a game was the newest: a redrive, or a delivery later,
   * brings states of games that ended long ago.
   */
  static final Duration GAME_MEMORY = Duration.ofDays(7);

  static final String DISTINCT = "distinct";
  static final String ROUTED = "routed";
  static final String CLASSES = "classes";
  static final String GAMES = "games";
  static final String DEAD_LETTERS = "dead-letters";
  static final String SEEN_STORE = "seen";
  static final String GAME_CLOCKS_STORE = "game-clocks";

  private static final String LOG = "log";
  private static final String CHECKED = "checked";
  private static final String LATEST = "latest";

  private final KafkaTopics topics;
  private final Supplier<CatalogueInForce> catalogue;
  private final Duration window;
  private final Clock clock;
  private final RetentionCounts counts;

  /**
   * Describes it.
   *
   * @param catalogue asked for each event; what it returns may change
   * @param window within which a repetition is recognised
   * @param clock tells what has expired
   */
  public RetentionTopology(
      KafkaTopics topics,
      Supplier<CatalogueInForce> catalogue,
      Duration window,
      Clock clock,
      RetentionCounts counts) {
    this.topics = topics;
    this.catalogue = catalogue;
    this.window = window;
    this.clock = clock;
    this.counts = counts;
  }

  /** Builds it anew. */
  public Topology build(FailedRecords failures) {
    EventCheck check = new EventCheck(() -> catalogue.get().catalogue());
    return new Topology()
        .addSource(LOG, topics.events())
        .addProcessor(CHECKED, () -> new CheckedEvents(check, failures), LOG)
        .addSink(DEAD_LETTERS, failures.topic(), CHECKED)
        .addProcessor(
            DISTINCT, () -> new DistinctEvents(window, clock, counts, failures.group()), CHECKED)
        // Twice the window: what is older than the newest event by up to one is still recognised.
        .addStateStore(store(SEEN_STORE, window.multipliedBy(2), window), DISTINCT)
        .addProcessor(ROUTED, () -> new ClassRouter(topics, catalogue, counts), DISTINCT)
        .addSink(
            CLASSES,
            (byte[] key, RoutedEvent event, RecordContext record) -> event.topic(),
            new ByteArraySerializer(),
            RoutedEvent.writing(failures.guarding(new ByteArraySerializer())),
            RoutedEvent::partition,
            ROUTED)
        .addProcessor(GAMES, () -> new LatestGames(counts), ROUTED)
        .addStateStore(store(GAME_CLOCKS_STORE, GAME_MEMORY.multipliedBy(2), GAME_MEMORY), GAMES)
        .addSink(LATEST, topics.gamesLatest(), GAMES);
  }

  private static StoreBuilder<WindowStore<Bytes, byte[]>> store(
      String name, Duration kept, Duration window) {
    return Stores.windowStoreBuilder(
            Stores.persistentWindowStore(name, kept, window, false),
            Serdes.Bytes(),
            Serdes.ByteArray())
        .withCachingDisabled()
        // What is forgotten goes from Kafka too, soon after.
        .withLoggingEnabled(
            Map.of(
                TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Math.max(60_000, window.toMillis()))));
  }
}
