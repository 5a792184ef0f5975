package io.jimbot.eventbus.gateway.ingest;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.json.BodyDecoder;
import io.jimbot.eventbus.event.json.DecodeLimits;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * Keeps decoders, whose buffers are worth keeping, from one body to the next. There are as many as
 * bodies were ever decoded at the same time, which the server's threads bound. Thread-safe.
 */
final class DecoderPool {
  private final DecodeLimits limits;
  private final EventCatalogue catalogue;
  private final ConcurrentLinkedQueue<BodyDecoder> idle = new ConcurrentLinkedQueue<>();

  DecoderPool(DecodeLimits limits, EventCatalogue catalogue) {
    this.limits = limits;
    this.catalogue = catalogue;
  }

  /** Lends a decoder for the time of one call. */
  <T> T with(Function<BodyDecoder, T> work) {
    BodyDecoder pooled = idle.poll();
    BodyDecoder decoder = pooled != null ? pooled : new BodyDecoder(limits, catalogue);
    T result = work.apply(decoder);
    // Not given back after an exception: its state is unknown then.
    idle.add(decoder);
    return result;
  }
}
