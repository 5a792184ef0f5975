/** Tests of managed replays: the pure parts, and all of it against a real Kafka. */
@NullMarked
package io.jimbot.eventbus.processor.replay;

import org.jspecify.annotations.NullMarked;
