package io.jimbot.eventbus.gateway.http;

import io.dropwizard.util.DataSize;
import java.time.Duration;

/**
 * The HTTP server.
 *
 * @param bindHost the address to listen on; 0.0.0.0 is all
 * @param port 0 to 65535; 0 takes a free one
 * @param maxBodySize the largest request body, 1 KiB to 256 MiB; a larger one is answered 413
 * @param maxInFlightSize what all bodies together may hold of memory, at least {@code maxBodySize};
 *     beyond it requests are answered 503
 * @param maxDiscardSize how much of a refused body is read and thrown away, so that its sender can
 *     read the answer
 * @param maxHeaderSize the largest request header, 1 KiB to 1 MiB; a larger one is answered 431
 * @param readTimeout how long a body may take to arrive, 100 ms to 10 min; a slower one is answered
 *     408
 * @param writeTimeout how long a client may take for an answer that came later than its request,
 *     100 ms to 10 min; a slower one is cut off
 * @param idleTimeout how long a connection may be silent, 100 ms to 1 h
 * @param retryAfter what a 503 tells its client to wait, 1 s to 1 h, in whole seconds
 * @param trustForwardedFor whether {@code X-Forwarded-For} names the sender: only behind a proxy
 *     that sets it
 * @param maxThreads Jetty's threads, 8 to 1000
 * @param maxConnections connections at a time, 16 to 100000; more wait to be accepted
 * @param shutdownDelay how long the gateway says "not ready" before it stops accepting, 0 to 5 min
 * @param shutdownTimeout how long requests in flight have then, 0 to 5 min
 */
public record HttpSettings(
    String bindHost,
    int port,
    DataSize maxBodySize,
    DataSize maxInFlightSize,
    DataSize maxDiscardSize,
    DataSize maxHeaderSize,
    Duration readTimeout,
    Duration writeTimeout,
    Duration idleTimeout,
    Duration retryAfter,
    boolean trustForwardedFor,
    int maxThreads,
    int maxConnections,
    Duration shutdownDelay,
    Duration shutdownTimeout) {

  private static final long KIB = 1024;

  /** Checks the values. */
  public HttpSettings {
    check(bindHost != null && !bindHost.isBlank(), "http.bindHost must be given", bindHost);
    check(port >= 0 && port <= 65_535, "http.port must be 0 to 65535", port);
    between("http.maxBodySize", maxBodySize, KIB, 256 * KIB * KIB);
    between("http.maxInFlightSize", maxInFlightSize, maxBodySize.toBytes(), 64 * KIB * KIB * KIB);
    between("http.maxDiscardSize", maxDiscardSize, 0, 4 * KIB * KIB * KIB);
    between("http.maxHeaderSize", maxHeaderSize, KIB, KIB * KIB);
    between("http.readTimeout", readTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
    between("http.writeTimeout", writeTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
    between("http.idleTimeout", idleTimeout, Duration.ofMillis(100), Duration.ofHours(1));
    between("http.retryAfter", retryAfter, Duration.ofSeconds(1), Duration.ofHours(1));
    check(maxThreads >= 8 && maxThreads <= 1000, "http.maxThreads must be 8 to 1000", maxThreads);
    check(
        maxConnections >= 16 && maxConnections <= 100_000,
        "http.maxConnections must be 16 to 100000",
        maxConnections);
    between("http.shutdownDelay", shutdownDelay, Duration.ZERO, Duration.ofMinutes(5));
    between("http.shutdownTimeout", shutdownTimeout, Duration.ZERO, Duration.ofMinutes(5));
  }

  private static void check(boolean good, String rule, Object value) {
    if (!good) {
      throw new IllegalArgumentException(rule + ", is '" + value + "'");
    }
  }

  private static void between(String name, Duration value, Duration least, Duration most) {
    boolean good = value != null && value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    check(good, name + " must be " + least.toMillis() + "ms to " + most.toMillis() + "ms", value);
  }

  private static void between(String name, DataSize value, long leastBytes, long mostBytes) {
    boolean good = value != null && value.toBytes() >= leastBytes && value.toBytes() <= mostBytes;
    check(good, name + " must be " + leastBytes + "B to " + mostBytes + "B", value);
  }
}
