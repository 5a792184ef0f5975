package io.jimbot.eventbus.gateway.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one answer to an asynchronous request: whoever is first sends it, later ones are dropped.
 * Thread-safe; never blocks and never throws, for it runs on the Kafka producer's thread, and the
 * client may be gone.
 */
final class AsyncAnswer implements AsyncListener {

  private static final Logger LOG = LoggerFactory.getLogger(AsyncAnswer.class);

  /**
   * Jetty's buffer takes that much without touching the socket; more is written by one of its own
   * threads.
   */
  private static final int UNBLOCKED_BYTES = 16 * 1024;

  private final AsyncContext context;
  private final Runnable afterwards;
  private final AtomicBoolean taken = new AtomicBoolean();

  /**
   * Takes the context over.
   *
   * @param afterwards run once when the request has ended, however it did
   */
  AsyncAnswer(AsyncContext context, Runnable afterwards) {
    this.context = context;
    this.afterwards = afterwards;
    context.setTimeout(0);
    context.addListener(this);
  }

  boolean isTaken() {
    return taken.get();
  }

  /** Sends it, unless there was one before. */
  void send(Answer answer) {
    if (taken.compareAndSet(false, true)) {
      if (answer.body().length <= UNBLOCKED_BYTES) {
        write(answer);
      } else {
        onJettyThread(() -> write(answer));
      }
    }
  }

  /** Ends a request whose client is gone. */
  void abandon() {
    if (taken.compareAndSet(false, true)) {
      complete();
    }
  }

  /** Runs what may take long, or may block, on one of Jetty's threads. */
  void onJettyThread(Runnable work) {
    try {
      context.start(work);
    } catch (IllegalStateException e) {
      LOG.debug("request ended before its answer error={}", e.getMessage());
    }
  }

  private void write(Answer answer) {
    try {
      HttpServletResponse response = (HttpServletResponse) context.getResponse();
      response.setStatus(answer.status());
      response.setContentType("application/json");
      if (answer.retryAfterSeconds() > 0) {
        response.setIntHeader("Retry-After", answer.retryAfterSeconds());
      }
      if (answer.body().length > UNBLOCKED_BYTES) {
        response.setContentLength(answer.body().length);
      }
      // A small one goes without: told the length, Jetty would write to the socket here and now,
      // and
      // wait for it. Like this complete() writes all of it asynchronously, with the length.
      response.getOutputStream().write(answer.body());
    } catch (IOException | IllegalStateException e) {
      LOG.debug("answer not written status={} error={}", answer.status(), e.getMessage());
    }
    complete();
  }

  private void complete() {
    try {
      context.complete();
    } catch (IllegalStateException e) {
      LOG.debug("request had ended already error={}", e.getMessage());
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    afterwards.run();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    abandon();
  }

  @Override
  public void onError(AsyncEvent event) {
    abandon();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // Nobody starts it anew.
  }
}
