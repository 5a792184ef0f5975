/**
 * The Kafka Streams processor: retention classes, de-duplication, the latest state of each game,
 * the way of dead letters, replays, delays. It reads what the gateway has written to the log and
 * never uses the gateway; the gateway's promises do not depend on it being up.
 *
 * <p>This package puts the parts together and alone knows all of them.
 */
@NullMarked
package io.jimbot.eventbus.processor;

import org.jspecify.annotations.NullMarked;
