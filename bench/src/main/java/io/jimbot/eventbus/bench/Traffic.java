package io.jimbot.eventbus.bench;

import io.jimbot.eventbus.bench.load.Payload;
import java.util.function.Supplier;

/** The kinds of requests that can be measured. */
enum Traffic {
  /** The mod's usual batch. */
  STATES(Payloads::gameStates),
  /** One small event a request. */
  SINGLES(Payloads::singles),
  /** Fifty small events a request. */
  FIFTIES(Payloads::largeBatches);

  private final Supplier<Payload> source;

  Traffic(Supplier<Payload> source) {
    this.source = source;
  }

  Payload payload() {
    return source.get();
  }
}
