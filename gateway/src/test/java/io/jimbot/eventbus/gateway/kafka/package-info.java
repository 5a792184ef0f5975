/** Tests of publishing, alone with a clock by hand and against a real broker. */
@NullMarked
package io.jimbot.eventbus.gateway.kafka;

import org.jspecify.annotations.NullMarked;
