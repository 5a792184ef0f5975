package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/events/stream}: events as they come, as server-sent events. Pages of other
 * sites cannot read them, since no answer allows it. Thread-safe, holds no thread.
 */
public final class EventStreamServlet extends HttpServlet {

  /** Where {@link HttpServer} maps it. */
  static final String PATH = "/api/v1/events/stream";

  private static final long serialVersionUID = 1;

  private final transient Subscriptions subscriptions;
  private final transient ScheduledExecutorService timer;
  private final transient EventStreamSettings settings;
  private final transient EventFrames frames;
  private final transient Set<EventStream> streams = ConcurrentHashMap.newKeySet();

  /** Written once by whoever stops. */
  private volatile boolean draining;

  /**
   * Serves.
   *
   * @param json encodes the events
   * @param timer for signs of life; its owner closes it
   */
  public EventStreamServlet(
      Subscriptions subscriptions,
      EventStreamSettings settings,
      ScheduledExecutorService timer,
      DeliveredJson json,
      HttpMetrics metrics) {
    this.subscriptions = subscriptions;
    this.settings = settings;
    this.timer = timer;
    this.frames = new EventFrames(json);
    metrics.watchEventStreams(streams::size);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (draining) {
      // Any other status ends a browser's EventSource for ever.
      head(response);
      response.getOutputStream().write(EventStream.whileStopping());
      return;
    }
    try {
      var asked = EventStreamRequest.read(request);
      head(response);
      AsyncContext context = request.startAsync();
      context.setTimeout(0);
      begin(context, response, asked);
    } catch (InvalidParameter e) {
      refuse(response, e.answer());
    }
  }

  /** Opens no stream: it would never end. */
  @Override
  protected void doHead(HttpServletRequest request, HttpServletResponse response) {
    head(response);
  }

  private static void head(HttpServletResponse response) {
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    // Some proxies gather what they pass on unless told not to.
    response.setHeader("X-Accel-Buffering", "no");
  }

  private void begin(AsyncContext context, HttpServletResponse response, SubscriptionRequest asked)
      throws IOException {
    StreamEnding ending = new StreamEnding();
    EventStream stream = new EventStream(context, response.getOutputStream(), frames, ending);
    ending.stream = stream;
    context.addListener(ending);
    streams.add(stream);
    long millis = settings.heartbeatInterval().toMillis();
    ending.heartbeats =
        timer.scheduleWithFixedDelay(stream::heartbeat, millis, millis, TimeUnit.MILLISECONDS);
    stream.belongsTo(subscriptions.open(asked, stream));
    response.getOutputStream().setWriteListener(stream);
    if (draining) {
      // It may have been added behind the back of whoever told the others.
      stream.drain();
    }
  }

  /** Ends all streams, and new ones at once: to be called before the server stops. */
  public void drain() {
    draining = true;
    streams.forEach(EventStream::drain);
  }

  private static void refuse(HttpServletResponse response, Answer refusal) throws IOException {
    response.setStatus(refusal.status());
    response.setContentType("application/json");
    response.getOutputStream().write(refusal.body());
  }

  /** Tidies up behind a stream, however it ends. */
  private final class StreamEnding implements AsyncListener, Runnable {
    private volatile @Nullable EventStream stream;
    private volatile @Nullable ScheduledFuture<?> heartbeats;

    @Override
    public void run() {
      ScheduledFuture<?> scheduled = heartbeats;
      if (scheduled != null) {
        scheduled.cancel(false);
      }
      EventStream over = stream;
      if (over != null) {
        streams.remove(over);
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      finish();
    }

    @Override
    public void onError(AsyncEvent event) {
      finish();
    }

    private void finish() {
      EventStream over = stream;
      if (over != null) {
        over.finish();
      }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
