package io.jimbot.eventbus.gateway.http;

import io.dropwizard.util.DataSize;
import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * The HTTP server.
 *
 * @param bindHost the address to listen on; 0.0.0.0 is all
 * @param port 0 to 65535; 0 takes a free one
 * @param maxBodySize the largest request body, 1 KiB to 256 MiB; a larger one is answered 413
 * @param maxInFlightSize what all bodies together may hold of memory, at least {@code maxBodySize},
 *     up to 64 GiB; beyond it requests are answered 503; null for {@value #HEAP_PERCENT} % of the
 *     heap
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

  /** A body in flight costs several times its bytes, and is not all that the heap holds. */
  private static final int HEAP_PERCENT = 8;

  private static final long KIB = 1024;

  /** Checks the values. */
  public HttpSettings {
    if (bindHost == null || bindHost.isBlank()) {
      throw new IllegalArgumentException("http.bindHost must be given, for example 127.0.0.1");
    }
    Setting.between("http.port", port, 0, 65_535);
    Setting.between("http.maxBodySize", maxBodySize, KIB, 256 * KIB * KIB);
    maxInFlightSize =
        maxInFlightSize == null
            ? Setting.shareOfHeap(HEAP_PERCENT, "http.maxBodySize", maxBodySize)
            : maxInFlightSize;
    Setting.between(
        "http.maxInFlightSize", maxInFlightSize, maxBodySize.toBytes(), 64 * KIB * KIB * KIB);
    Setting.between("http.maxDiscardSize", maxDiscardSize, 0, 4 * KIB * KIB * KIB);
    Setting.between("http.maxHeaderSize", maxHeaderSize, KIB, KIB * KIB);
    Duration least = Duration.ofMillis(100);
    Duration hour = Duration.ofHours(1);
    Setting.between("http.readTimeout", readTimeout, least, Duration.ofMinutes(10));
    Setting.between("http.writeTimeout", writeTimeout, least, Duration.ofMinutes(10));
    Setting.between("http.idleTimeout", idleTimeout, least, hour);
    Setting.between("http.retryAfter", retryAfter, Duration.ofSeconds(1), hour);
    Setting.between("http.maxThreads", maxThreads, 8, 1_000);
    Setting.between("http.maxConnections", maxConnections, 16, 100_000);
    Setting.between("http.shutdownDelay", shutdownDelay, Duration.ZERO, Duration.ofMinutes(5));
    Setting.between("http.shutdownTimeout", shutdownTimeout, Duration.ZERO, Duration.ofMinutes(5));
  }
}
