package io.jimbot.eventbus.gateway.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads small bodies whole. That holds one of Jetty's threads, and slow senders must not get them
 * all, so only a few are read at a time. Thread-safe.
 */
final class SmallBodies {

  private static final int MAX_READERS = 4;

  /** More than what is somewhat too large for any of those who read here. */
  private static final int MAX_DISCARD_BYTES = 4 * 1024 * 1024;

  private final Semaphore readers = new Semaphore(MAX_READERS);
  private final int maxBytes;
  private final int retryAfterSeconds;

  /**
   * Reads bodies of that size.
   *
   * @param retryAfterSeconds what is said to those for whom there is no reader
   */
  SmallBodies(int maxBytes, int retryAfterSeconds) {
    this.maxBytes = maxBytes;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /**
   * The body of a request; an absent one is empty.
   *
   * @throws RefusedBody if it is no JSON by its header, too large, or does not arrive
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
    Answer refusal = refused;
    byte[] bytes = refusal == null ? body.readNBytes(maxBytes + 1) : new byte[0];
    if (bytes.length > maxBytes) {
      refusal = RequestHead.tooLarge(maxBytes);
    }
    if (refusal != null) {
      discard(request, body);
      throw new RefusedBody(refusal);
    }
    return bytes;
  }

  /** So that the sender gets to read the answer; one that waits for leave to send sends nothing. */
  private static void discard(HttpServletRequest request, InputStream in) throws IOException {
    if (request.getHeader("Expect") == null) {
      byte[] scrap = new byte[16 * 1024];
      int left = MAX_DISCARD_BYTES;
      for (int read = 0; read >= 0 && left > 0; left -= read) {
        read = in.read(scrap);
      }
    }
  }
}
