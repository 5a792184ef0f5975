package io.jimbot.eventbus.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Settled;
import io.jimbot.eventbus.gateway.delivery.Settlement;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How streams end, also in the moment in which they are opened; on Jetty without a socket. */
class EventStreamServletTest {

  private static final String HEAD = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n";
  private static final ResumeToken PLACE = ResumeToken.of("log", new long[] {7});

  private final OneSubscription subscription = new OneSubscription();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final HttpMetrics metrics = new HttpMetrics(new PrometheusRegistry());
  private final EventStreamServlet streams =
      new EventStreamServlet(
          subscription,
          new EventStreamSettings(Duration.ofMinutes(1)),
          timer,
          new DeliveredJson(metrics),
          metrics);
  private final Server server = new Server();
  private final LocalConnector connector = new LocalConnector(server);
  private String header = "";
  private Runnable beforeItIsKnown = () -> {};
  private Consumer<Subscriber> whileItSubscribes = subscriber -> {};
  private Runnable whenItIsResumed = () -> {};

  @BeforeEach
  void startJetty() throws Exception {
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(streams), "/");
    FilterHolder interrupting = new FilterHolder(new InterruptingFilter());
    interrupting.setAsyncSupported(true);
    context.addFilter(interrupting, "/*", EnumSet.of(DispatcherType.REQUEST));
    server.addConnector(connector);
    server.setHandler(context);
    server.start();
  }

  @AfterEach
  void stopJetty() throws Exception {
    server.stop();
    timer.shutdownNow();
  }

  /** The whole answer; null if it does not end. */
  private @Nullable String answer() throws Exception {
    return connector.getResponse(HEAD + header + "\r\n", false, 10, TimeUnit.SECONDS);
  }

  private void assertToldOnceThatTheGatewayStops(@Nullable String answer) {
    assertThat(answer).startsWith("HTTP/1.1 200 ").containsOnlyOnce("event: drain\n");
    assertThat(subscription.drained).isTrue();
    assertThat(subscription.closed).isTrue();
  }

  @Test
  void aStreamThatIsNotKnownYetToWhoeverStopsTheOthersIsStoppedToo() throws Exception {
    beforeItIsKnown = streams::drain;

    assertToldOnceThatTheGatewayStops(answer());
  }

  @Test
  void aStreamThatIsStoppedBeforeItHasItsSubscriptionIsToldOnce() throws Exception {
    whileItSubscribes = subscriber -> streams.drain();

    assertToldOnceThatTheGatewayStops(answer());
  }

  @Test
  void aStreamThatIsAskedForLaterEndsAtOnceWithoutAnIdSoThatABrowserComesAgainWithItsOwn()
      throws Exception {
    subscription.position = PLACE;
    streams.drain();

    assertThat(answer())
        .startsWith("HTTP/1.1 200 ")
        .contains("Content-Type: text/event-stream", "retry: 1000\n\nevent: drain\n")
        .doesNotContain("id:");
    assertThat(subscription.closed).as("was opened").isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "start.resume_token"})
  void aStreamThatCannotBeginWhereItWasToClearsTheIdThatABrowserWouldComeAgainWith(String field)
      throws Exception {
    whileItSubscribes =
        subscriber -> {
          subscriber.started();
          subscriber.ended(fault(field));
        };

    assertThat(lastIdOf(answerWithFault())).isEmpty();
  }

  @Test
  void aStreamThatEndsForAnotherReasonSaysWhereToGoOn() throws Exception {
    whileItSubscribes = subscriber -> whenItIsResumed = () -> subscriber.ended(fault(""));

    assertThat(lastIdOf(answerWithFault())).isEqualTo(PLACE.toText());
  }

  @Test
  void anEmptyLastIdIsNoneAsOneThatWasCleared() throws Exception {
    header = "Last-Event-ID:\r\n";
    whileItSubscribes = subscriber -> whenItIsResumed = () -> subscriber.ended(fault(""));

    assertThat(answer()).startsWith("HTTP/1.1 200 ");
    assertThat(Objects.requireNonNull(subscription.asked).start()).isEqualTo(new Start.Now());
  }

  private static SubscriptionFault fault(String field) {
    return new SubscriptionFault(
        SubscriptionFault.Kind.OUT_OF_RANGE, "a_reason", field, "a message");
  }

  private String answerWithFault() throws Exception {
    subscription.position = PLACE;
    String answer = Objects.requireNonNull(answer());
    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .contains("event: fault\ndata: {\"reason\":\"a_reason\",\"message\":\"a message\"}\n\n");
    return answer;
  }

  /** As a browser has it at the end. */
  private static String lastIdOf(String answer) {
    List<String> ids = answer.lines().filter(line -> line.startsWith("id:")).toList();
    assertThat(ids).isNotEmpty();
    return ids.get(ids.size() - 1).substring("id:".length()).strip();
  }

  /** Lets something happen when a stream is begun: after it was let in, before it is known. */
  private final class InterruptingFilter implements Filter {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      chain.doFilter(
          new HttpServletRequestWrapper((HttpServletRequest) request) {
            @Override
            public AsyncContext startAsync() {
              beforeItIsKnown.run();
              return super.startAsync();
            }
          },
          response);
    }
  }

  /** Gives no events. */
  private final class OneSubscription implements Subscriptions, Subscription {
    private volatile @Nullable SubscriptionRequest asked;
    private volatile @Nullable ResumeToken position;
    private volatile boolean drained;
    private volatile boolean closed;

    @Override
    public Subscription open(SubscriptionRequest request, Subscriber subscriber) {
      asked = request;
      whileItSubscribes.accept(subscriber);
      return this;
    }

    @Override
    public void resume() {
      whenItIsResumed.run();
    }

    @Override
    public @Nullable ResumeToken position() {
      return position;
    }

    @Override
    public Settled settle(AckId id, Settlement settlement) {
      return Settled.NOT_HERE;
    }

    @Override
    public void drain() {
      drained = true;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
