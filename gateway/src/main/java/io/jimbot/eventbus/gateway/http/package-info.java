/**
 * HTTP in and out: a thin layer of Jetty, servlets and Jersey over {@code ingest} and {@code
 * command}.
 *
 * <p>Threads: Jetty's pool {@code http}, one scheduler {@code http-deadlines}; answers to
 * publishing requests are written on the Kafka producer's thread when they are small, those to
 * commands by two threads {@code command-answers}. May use {@code ingest}, {@code command}, {@code
 * kafka} (its values, no Kafka client class) and {@code telemetry}.
 */
@NullMarked
package io.jimbot.eventbus.gateway.http;

import org.jspecify.annotations.NullMarked;
