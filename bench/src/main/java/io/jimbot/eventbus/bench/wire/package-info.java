/** What the Confluent wire format costs beside plain Protobuf. */
@NullMarked
package io.jimbot.eventbus.bench.wire;

import org.jspecify.annotations.NullMarked;
