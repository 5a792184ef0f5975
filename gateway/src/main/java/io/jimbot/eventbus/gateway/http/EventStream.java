package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of server-sent events. Written without blocking, by whoever has something for it; what
 * the socket does not take waits here, and while anything waits the stream is not ready for more.
 * Thread-safe.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">the format</a>
 */
final class EventStream implements Subscriber, WriteListener {

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  /** How long a browser waits before it connects again, in milliseconds. */
  private static final int RETRY_MILLIS = 1_000;

  private static final String RETRY = "retry: " + RETRY_MILLIS + "\n\n";

  private static final int MAX_WAITING_BYTES = 64 * 1024;

  private final AsyncContext context;
  private final ServletOutputStream out;
  private final EventFrames frames;
  private final Runnable onEnd;
  private final Object lock = new Object();

  /** What the socket has not taken yet. */
  @GuardedBy("lock")
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

  /** Whether the container has said that it can be written. */
  @GuardedBy("lock")
  private boolean writable;

  @GuardedBy("lock")
  private boolean ending;

  /** Whether the subscription has begun; its first sign of life tells the client. */
  @GuardedBy("lock")
  private boolean begun;

  @GuardedBy("lock")
  private boolean ended;

  /** Set once, after the subscription was opened. */
  private volatile @Nullable Subscription subscription;

  /**
   * Nothing is written yet.
   *
   * @param frames encodes the events
   * @param onEnd told when it is over, perhaps several times
   */
  EventStream(AsyncContext context, ServletOutputStream out, EventFrames frames, Runnable onEnd) {
    this.context = context;
    this.out = out;
    this.frames = frames;
    this.onEnd = onEnd;
    // Goes out at once, so that the client has its answer before the subscription begins.
    waiting.writeBytes(RETRY.getBytes(UTF_8));
  }

  /**
   * All that a client gets which comes while the gateway stops. It has no id, so that the client
   * comes again with the one that it has.
   */
  static byte[] whileStopping() {
    return (RETRY + stopping()).getBytes(UTF_8);
  }

  /** The subscription whose events these are. It gives none before, for want of a place. */
  void belongsTo(Subscription opened) {
    boolean early;
    synchronized (lock) {
      subscription = opened;
      early = begun;
    }
    if (early) {
      heartbeat();
    }
    opened.resume();
  }

  @Override
  public void onWritePossible() {
    synchronized (lock) {
      writable = true;
    }
    write();
    Subscription opened = subscription;
    if (opened != null) {
      opened.resume();
    }
  }

  @Override
  public void onError(Throwable failure) {
    LOG.debug("event stream broke off error={}", failure.toString());
    finish();
  }

  @Override
  public boolean ready() {
    synchronized (lock) {
      return subscription != null && writable && !ending && waiting.size() < MAX_WAITING_BYTES;
    }
  }

  @Override
  public void started() {
    synchronized (lock) {
      begun = true;
    }
    heartbeat();
  }

  /** A sign of life; its id lets a client that connects again go on here. */
  void heartbeat() {
    synchronized (lock) {
      // Behind the end it would put an id back that the end has cleared.
      if (!ending && waiting.size() < MAX_WAITING_BYTES) {
        add(": \n" + idLine() + "\n");
      }
    }
    write();
  }

  /** Where to go on behind all that was given; empty until that is known. */
  private String idLine() {
    Subscription opened = subscription;
    ResumeToken position = opened == null ? null : opened.position();
    return position == null ? "" : "id: " + position.toText() + "\n";
  }

  @Override
  public void deliver(Delivery delivery) {
    byte[] frame = frames.of(delivery.event());
    synchronized (lock) {
      waiting.writeBytes(frame);
    }
  }

  /** The place of a whole run of events comes behind it, as an id of its own. */
  @Override
  public void flush() {
    heartbeat();
  }

  @Override
  public void ended(SubscriptionFault fault) {
    // A browser comes again with its last id, for ever; without one it begins as its URL says.
    String id = fault.isOfStart() ? "id:\n" : idLine();
    end(id + message("fault", fault.reason(), fault.message()));
  }

  /** The gateway stops; the client connects again, elsewhere. */
  void drain() {
    Subscription opened = subscription;
    if (opened != null) {
      opened.drain();
    }
    end(idLine() + stopping());
  }

  private static String stopping() {
    return message("drain", "stopping", "this gateway stops");
  }

  private static String message(String event, String reason, String message) {
    String data =
        new String(
            new JsonBytes(64 + message.length())
                .raw("{\"reason\":")
                .text(reason)
                .raw(",\"message\":")
                .text(message)
                .raw("}")
                .toByteArray(),
            UTF_8);
    return "event: " + event + "\ndata: " + data + "\n\n";
  }

  private void end(String last) {
    synchronized (lock) {
      if (ending) {
        // A stream that is opened while the gateway stops may be told of it twice.
        return;
      }
      add(last);
      ending = true;
    }
    write();
  }

  private void add(String text) {
    synchronized (lock) {
      waiting.writeBytes(text.getBytes(UTF_8));
    }
  }

  private void write() {
    boolean done = false;
    synchronized (lock) {
      try {
        while (writable && !ended && waiting.size() > 0) {
          if (!out.isReady()) {
            // The container calls when it can be written again.
            writable = false;
            return;
          }
          byte[] bytes = waiting.toByteArray();
          waiting.reset();
          out.write(bytes);
          if (out.isReady()) {
            out.flush();
          } else {
            writable = false;
          }
        }
        done = ending && waiting.size() == 0 && writable && out.isReady();
      } catch (IOException | IllegalStateException e) {
        LOG.debug("event stream broke off error={}", e.toString());
        done = true;
      }
    }
    if (done) {
      finish();
    }
  }

  /** Ends the response; may be called twice. */
  void finish() {
    synchronized (lock) {
      if (ended) {
        return;
      }
      ended = true;
      waiting.reset();
    }
    Subscription opened = subscription;
    if (opened != null) {
      opened.close();
    }
    onEnd.run();
    try {
      context.complete();
    } catch (IllegalStateException e) {
      LOG.debug("event stream was complete already");
    }
  }
}
