package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.ingest.MemoryBudget;
import io.jimbot.eventbus.gateway.ingest.Timing;
import io.jimbot.eventbus.gateway.ingest.TimingRules;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Takes the posts of events, before Jersey and without it: Jersey costs more than everything else
 * that happens to them. A filter rather than a servlet, because Jersey is mapped to every path.
 * Thread-safe, holds no thread.
 */
public final class IngestFilter extends HttpFilter {

  private static final long serialVersionUID = 1;

  /** How much later than Kafka's own deadline the last resort strikes. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final transient IngestServices services;
  private final transient BodyReader.Limits limits;
  private final transient MemoryBudget budget;
  private final transient Clock clock;
  private final transient TimingRules timingRules;
  private final boolean trustForwardedFor;

  /**
   * Serves what {@link HttpServer} maps to it.
   *
   * @param timingRules what may be asked about the time of events
   * @param timer for the deadlines; its owner closes it
   * @param deliveryTimeout within which the ingest answers
   */
  public IngestFilter(
      Ingest ingest,
      HttpSettings settings,
      TimingRules timingRules,
      HttpMetrics metrics,
      ScheduledExecutorService timer,
      Duration deliveryTimeout,
      Clock clock) {
    int retryAfterSeconds = (int) settings.retryAfter().toSeconds();
    this.services =
        new IngestServices(
            ingest,
            new IngestAnswers(retryAfterSeconds),
            metrics,
            timer,
            settings.readTimeout(),
            deliveryTimeout.plus(GRACE),
            retryAfterSeconds);
    this.limits =
        new BodyReader.Limits(
            settings.maxBodySize().toBytes(),
            settings.maxDiscardSize().toBytes(),
            retryAfterSeconds);
    this.budget = new MemoryBudget(settings.maxInFlightSize().toBytes());
    this.clock = clock;
    this.timingRules = timingRules;
    this.trustForwardedFor = settings.trustForwardedFor();
    metrics.watchBodyBytes(budget::usedBytes);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = path(request);
    if (request.getMethod().equals("GET") && path.equals(Route.HISTORY_PATH)) {
      chain.doFilter(request, response);
      return;
    }
    if (!request.getMethod().equals("POST")) {
      response.setHeader("Allow", "POST");
      refuse(response, Answer.error(405, "method_not_allowed", "events are sent with POST"));
      return;
    }
    boolean batch = Route.BATCH_PATHS.contains(path);
    Instant receivedAt = clock.instant();
    Answer refusal = RequestHead.refusal(request, batch, limits.maxBytes());
    Timing timing = Timing.USUAL;
    if (refusal == null) {
      RequestTiming asked = RequestTiming.read(request, timingRules, receivedAt);
      timing = asked.timing();
      refusal = asked.refusal();
    }
    if (refusal != null
        && (request.getHeader("Expect") != null || request.getContentLengthLong() == 0)) {
      // The sender waits for leave to send: it has not sent anything that would have to be read
      // away.
      services.metrics().rejected(refusal.reason());
      response.setHeader("Connection", "close");
      refuse(response, refusal);
      return;
    }
    RequestHead head = RequestHead.of(request, batch, trustForwardedFor, timing);
    read(request, head, refusal, receivedAt);
  }

  private void read(
      HttpServletRequest request, RequestHead head, @Nullable Answer refusal, Instant receivedAt)
      throws IOException {
    AsyncContext context = request.startAsync();
    Ending ending = new Ending();
    AsyncAnswer answer = new AsyncAnswer(context, ending);
    IngestExchange exchange = new IngestExchange(services, head, receivedAt, answer);
    BodyReader reader = new BodyReader(request.getInputStream(), limits, budget, exchange);
    ending.exchange = exchange;
    ending.reader = reader;
    exchange.expectBody();
    reader.start(request.getContentLengthLong(), refusal);
  }

  /** Whole, however the servlet behind this filter is mapped. */
  private static String path(HttpServletRequest request) {
    String rest = request.getPathInfo();
    return rest == null ? request.getServletPath() : request.getServletPath() + rest;
  }

  private static void refuse(HttpServletResponse response, Answer refusal) throws IOException {
    response.setStatus(refusal.status());
    response.setContentType("application/json");
    response.getOutputStream().write(refusal.body());
  }

  /** Tidies up behind a request; made before what it tidies up. */
  private static final class Ending implements Runnable {

    private @Nullable IngestExchange exchange;
    private @Nullable BodyReader reader;

    @Override
    public void run() {
      if (exchange != null) {
        exchange.ended();
      }
      if (reader != null) {
        reader.giveBack();
      }
    }
  }
}
