/** A real broker in every test here; nothing is mocked. */
@NullMarked
package io.jimbot.eventbus.kafka.embedded;

import org.jspecify.annotations.NullMarked;
