/**
 * What every part of the bus knows about events: their types and topics, the rules of the envelope,
 * the headers of their records. Plain immutable values; nothing here starts a thread or does I/O
 * beyond reading its own resources.
 */
@NullMarked
package io.jimbot.eventbus.event;

import org.jspecify.annotations.NullMarked;
