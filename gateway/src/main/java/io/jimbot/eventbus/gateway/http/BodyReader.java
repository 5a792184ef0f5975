package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.ingest.MemoryBudget;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one body without blocking, into an array that grows with what has come, up to the announced
 * size: whoever announces much and sends little holds little memory. A body that is refused is read
 * on and thrown away, within bounds, so that its sender gets to read the answer instead of a reset
 * connection. Called by one of Jetty's threads at a time, which Jetty orders.
 */
final class BodyReader implements ReadListener {

  private static final int FIRST_GUESS = 16 * 1024;
  private static final int SCRAP = 16 * 1024;

  /** Told how the reading ended; once. */
  interface Listener {
    /** All of it is there; the array is the listener's. */
    void body(byte[] bytes, int length);

    /** It is refused, and as much of it as is needed was thrown away. */
    void refused(Answer answer);

    /** The sender is gone. */
    void gone();
  }

  /** The bounds of a body. */
  record Limits(long maxBytes, long maxDiscardBytes, int retryAfterSeconds) {}

  private final ServletInputStream input;
  private final Limits limits;
  private final MemoryBudget budget;
  private final Listener listener;

  private @Nullable Answer refusal;
  private byte[] bytes = new byte[0];
  private int length;
  private long discarded;
  private long largestBytes;
  private boolean ended;

  /**
   * Written here, read when the request has ended, on another thread perhaps; Jetty's hand-over
   * orders the two.
   */
  private volatile long reserved;

  BodyReader(ServletInputStream input, Limits limits, MemoryBudget budget, Listener listener) {
    this.input = input;
    this.limits = limits;
    this.budget = budget;
    this.listener = listener;
  }

  /** Starts; a body of that size is expected (-1: unknown), unless it is refused already. */
  void start(long expectedBytes, @Nullable Answer alreadyRefused) {
    if (alreadyRefused != null) {
      refuse(alreadyRefused);
    } else {
      largestBytes =
          Math.min(limits.maxBytes(), expectedBytes >= 0 ? expectedBytes : Long.MAX_VALUE);
      grow((int) Math.min(largestBytes, FIRST_GUESS));
    }
    input.setReadListener(this);
  }

  /** Gives the memory back; the body must not be used any more. */
  void giveBack() {
    budget.giveBack(reserved);
    reserved = 0;
  }

  @Override
  public void onDataAvailable() throws IOException {
    while (!ended && input.isReady()) {
      int count = refusal == null ? keep() : discard();
      if (count < 0) {
        return;
      }
    }
  }

  private int keep() throws IOException {
    if (length < bytes.length) {
      int count = input.read(bytes, length, bytes.length - length);
      length += Math.max(0, count);
      return count;
    }
    // Full: more is to come, or only the end is still to be seen.
    int next = input.read();
    if (next >= 0) {
      grow((int) Math.min(largestBytes, Math.max(FIRST_GUESS, bytes.length * 2L)));
      if (length < bytes.length) {
        bytes[length++] = (byte) next;
      } else if (refusal == null) {
        refuse(RequestHead.tooLarge(limits.maxBytes()));
      }
    }
    return next;
  }

  private int discard() throws IOException {
    int count = input.read(bytes);
    discarded += Math.max(0, count);
    if (discarded > limits.maxDiscardBytes()) {
      end();
    }
    return count;
  }

  private void grow(int size) {
    long more = size - reserved;
    if (more <= 0) {
      return;
    }
    if (budget.reserve(more)) {
      reserved += more;
      bytes = Arrays.copyOf(bytes, size);
    } else {
      refuse(
          Answer.error(
              503,
              "overloaded",
              "too much is in flight; send it again",
              limits.retryAfterSeconds()));
    }
  }

  /** From now on what comes is thrown away, into the same small array each time. */
  private void refuse(Answer answer) {
    refusal = answer;
    bytes = new byte[SCRAP];
    giveBack();
  }

  @Override
  public void onAllDataRead() {
    end();
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    if (refusal != null) {
      listener.refused(refusal);
    } else {
      listener.body(bytes, length);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (ended) {
      return;
    }
    ended = true;
    if (refusal != null) {
      listener.refused(refusal);
    } else if (failure instanceof TimeoutException) {
      listener.refused(RequestHead.tooSlow());
    } else if (failure instanceof HttpException) {
      listener.refused(Answer.error(400, "bad_request", "the body's framing is broken"));
    } else {
      listener.gone();
    }
  }
}
