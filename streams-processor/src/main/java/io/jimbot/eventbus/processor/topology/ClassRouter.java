package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.record.HeaderTime;
import java.time.Clock;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends each event to the topic of its retention class, and the states of games to {@link
 * LatestGames} as well. What has expired goes nowhere.
 */
final class ClassRouter extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

  private static final String GAME_STATE = "GAME_STATE";

  private final Supplier<CatalogueInForce> catalogue;
  private final Clock clock;
  private final RetentionCounts counts;

  ClassRouter(Supplier<CatalogueInForce> catalogue, Clock clock, RetentionCounts counts) {
    this.catalogue = catalogue;
    this.clock = clock;
    this.counts = counts;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Headers headers = record.headers();
    byte[] expiry = EventHeaders.bytes(headers, HeaderNames.EXPIRES_AT);
    if (expiry != null && HeaderTime.millis(expiry, Long.MAX_VALUE) <= clock.millis()) {
      counts.expired();
      return;
    }
    CatalogueInForce now = catalogue.get();
    String type = EventHeaders.text(headers, HeaderNames.EVENT_TYPE);
    String className = now.catalogue().classOf(type, EventHeaders.text(headers, HeaderNames.TOPIC));
    context()
        .forward(
            now.compacts(className) ? CompactionKey.keyed(record, type) : record,
            RetentionTopology.CLASSES);
    counts.kept(className);
    if (type.equals(GAME_STATE) && headers.lastHeader(HeaderNames.GAME_ID) != null) {
      context().forward(record, RetentionTopology.GAMES);
    }
  }
}
