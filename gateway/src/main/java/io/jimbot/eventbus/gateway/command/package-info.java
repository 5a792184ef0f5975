/**
 * Commands on their way back to a game: posted to any gateway, handed out once by any gateway, to
 * the game that they are meant for or to whoever polls.
 *
 * <p>All gateways tail one Kafka topic. A posted command is a record of it; so is a gateway's claim
 * to hand a command out, and the first claim that the log holds of a command wins. A gateway
 * therefore hands a command out only after it has read its own claim back as the first: at most
 * once, whatever dies. A gateway that dies between the claim and the answer to the poll loses the
 * command. {@link io.jimbot.eventbus.gateway.command.CommandBoard} is that rule and nothing else.
 *
 * <p>Threads: {@code commands-tail} (the topic follower's); callers' threads, the producer's and
 * the timer's pass through under one lock, which is never held while anything else is called. May
 * use {@code kafka} and {@code telemetry}; knows no HTTP and no gRPC class.
 */
@NullMarked
package io.jimbot.eventbus.gateway.command;

import org.jspecify.annotations.NullMarked;
