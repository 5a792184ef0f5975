package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends each event to the topic of its retention class, and the states of games to {@link
 * LatestGames} as well, unless their topic does not take one that large.
 */
final class ClassRouter extends ContextualProcessor<byte[], byte[], byte[], Object> {

  private static final String GAME_STATE = "GAME_STATE";

  private final KafkaTopics topics;
  private final Supplier<CatalogueInForce> catalogue;
  private final RetentionCounts counts;

  ClassRouter(KafkaTopics topics, Supplier<CatalogueInForce> catalogue, RetentionCounts counts) {
    this.topics = topics;
    this.catalogue = catalogue;
    this.counts = counts;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Headers headers = record.headers();
    CatalogueInForce now = catalogue.get();
    String type = EventHeaders.text(headers, HeaderNames.EVENT_TYPE);
    keep(record, type, now);
    byte[] game = EventHeaders.bytes(headers, HeaderNames.GAME_ID);
    if (type.equals(GAME_STATE) && game != null) {
      keepNewest(record, game, now);
    }
  }

  private void keep(Record<byte[], byte[]> record, String type, CatalogueInForce now) {
    String topic = EventHeaders.text(record.headers(), HeaderNames.TOPIC);
    String className = now.catalogue().classOf(type, topic);
    Record<byte[], byte[]> kept = record;
    byte[] orderingKey = null;
    if (now.compacts(className)) {
      orderingKey = record.key() == null ? new byte[0] : record.key();
      kept = CompactionKey.keyed(record, type, orderingKey);
    }
    RoutedEvent event = new RoutedEvent(kept.value(), topics.ofClass(className), orderingKey);
    context().forward(kept.withValue(event), RetentionTopology.CLASSES);
    counts.kept(className);
  }

  /** A record that Kafka refuses would take the whole transaction with it, so it is not tried. */
  private void keepNewest(Record<byte[], byte[]> state, byte[] game, CatalogueInForce now) {
    long most = now.catalogue().ofGames().maxMessageSize().toBytes();
    if (RecordSize.upperBound(state.withKey(game)) <= most) {
      context().forward(state, RetentionTopology.GAMES);
    } else {
      counts.oversizedState();
    }
  }
}
