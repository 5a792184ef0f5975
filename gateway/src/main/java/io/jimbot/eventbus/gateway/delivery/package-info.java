/**
 * The way out: what a subscriber asks for, what it is given, and how it answers; the same for every
 * transport and every mode.
 *
 * <p>The modes are packages of their own above this one ({@code delivery.tail}, {@code
 * delivery.group}, and {@code delivery.history} for reading back); each owns its threads. Knows no
 * HTTP and no gRPC class; may use {@code kafka}, {@code telemetry} and the event module.
 */
@NullMarked
package io.jimbot.eventbus.gateway.delivery;

import org.jspecify.annotations.NullMarked;
