package io.jimbot.eventbus.gateway.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads small bodies whole. That holds one of Jetty's threads, and slow senders must not get them
 * all, so only a few are read at a time, and none for longer than it may take. Thread-safe.
 */
final class SmallBodies {

  private static final int MAX_READERS = 4;

  /** More than what is somewhat too large for any of those who read here. */
  private static final int MAX_DISCARD_BYTES = 4 * 1024 * 1024;

  private static final int PIECE_BYTES = 16 * 1024;

  private final Semaphore readers = new Semaphore(MAX_READERS);
  private final int maxBytes;
  private final int retryAfterSeconds;
  private final Duration readTimeout;
  private final LongSupplier nanoClock;

  /**
   * Reads bodies of that size.
   *
   * @param retryAfterSeconds what is said to those for whom there is no reader
   * @param readTimeout how long a body may take to arrive; a sender that is silent meanwhile is
   *     left to Jetty's idle timeout, which comes on top of it at most
   */
  SmallBodies(int maxBytes, int retryAfterSeconds, Duration readTimeout) {
    this(maxBytes, retryAfterSeconds, readTimeout, System::nanoTime);
  }

  SmallBodies(int maxBytes, int retryAfterSeconds, Duration readTimeout, LongSupplier nanoClock) {
    this.maxBytes = maxBytes;
    this.retryAfterSeconds = retryAfterSeconds;
    this.readTimeout = readTimeout;
    this.nanoClock = nanoClock;
  }

  /**
   * The body of a request; an absent one is empty.
   *
   * @throws RefusedBody if it is no JSON by its header, too large, or does not arrive, or not in
   *     time
   */
  byte[] read(HttpServletRequest request, @Nullable InputStream body) throws RefusedBody {
    return read(request, body, head -> RequestHead.refusal(head, false, maxBytes));
  }

  /**
   * The same for bodies that are no JSON.
   *
   * @param refusals why a request is refused by its header, or null
   */
  byte[] read(
      HttpServletRequest request,
      @Nullable InputStream body,
      Function<HttpServletRequest, @Nullable Answer> refusals)
      throws RefusedBody {
    if (!readers.tryAcquire()) {
      throw new RefusedBody(
          Answer.error(503, "overloaded", "too many requests at a time", retryAfterSeconds));
    }
    try {
      return readBounded(
          request, body == null ? InputStream.nullInputStream() : body, refusals.apply(request));
    } catch (IOException e) {
      throw new RefusedBody(Answer.error(400, "bad_request", "the body did not arrive in full"));
    } finally {
      readers.release();
    }
  }

  private byte[] readBounded(HttpServletRequest request, InputStream body, @Nullable Answer refused)
      throws IOException, RefusedBody {
    long begin = nanoClock.getAsLong();
    Answer refusal = refused;
    byte[] bytes = refusal == null ? readBounded(body, begin) : new byte[0];
    if (bytes.length > maxBytes) {
      refusal = RequestHead.tooLarge(maxBytes);
    }
    if (refusal != null) {
      discard(request, body, begin);
      throw new RefusedBody(refusal);
    }
    return bytes;
  }

  /** As far as it goes, or until it is seen to be too large. */
  private byte[] readBounded(InputStream body, long beginNanos) throws IOException, RefusedBody {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] piece = new byte[Math.min(maxBytes + 1, PIECE_BYTES)];
    int read = body.read(piece);
    while (read >= 0) {
      bytes.write(piece, 0, read);
      if (bytes.size() > maxBytes) {
        break;
      }
      if (isLate(beginNanos)) {
        throw new RefusedBody(RequestHead.tooSlow());
      }
      read = body.read(piece, 0, Math.min(piece.length, maxBytes + 1 - bytes.size()));
    }
    return bytes.toByteArray();
  }

  /** One that sends a byte now and then must not hold a reader for as long as it likes. */
  private boolean isLate(long beginNanos) {
    return nanoClock.getAsLong() - beginNanos > readTimeout.toNanos();
  }

  /** So that the sender gets to read the answer; one that waits for leave to send sends nothing. */
  private void discard(HttpServletRequest request, InputStream in, long beginNanos)
      throws IOException {
    if (request.getHeader("Expect") == null) {
      byte[] scrap = new byte[PIECE_BYTES];
      int left = MAX_DISCARD_BYTES;
      for (int read = 0; read >= 0 && left > 0 && !isLate(beginNanos); left -= read) {
        read = in.read(scrap);
      }
    }
  }
}
