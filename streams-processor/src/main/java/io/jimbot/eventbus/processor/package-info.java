/**
 * The place of the Kafka Streams processor: retention classes, de-duplication, the latest state of
 * each game, the way of dead letters, replays. It reads what the gateway has written to the log and
 * may use the {@code event} module, never the gateway; the gateway's promises do not depend on it
 * being up.
 */
@NullMarked
package io.jimbot.eventbus.processor;

import org.jspecify.annotations.NullMarked;
