/** Tests of the gateway as a whole: over real sockets, with a hand-made ingest or a real Kafka. */
@NullMarked
package io.jimbot.eventbus.gateway;

import org.jspecify.annotations.NullMarked;
