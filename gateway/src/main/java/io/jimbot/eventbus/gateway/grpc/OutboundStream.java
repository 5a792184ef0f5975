package io.jimbot.eventbus.gateway.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.jimbot.eventbus.gateway.delivery.Delivery;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Subscriber;
import io.jimbot.eventbus.gateway.delivery.Subscription;
import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.telemetry.GrpcMetrics;
import io.jimbot.events.v1.Drain;
import io.jimbot.events.v1.StreamHeartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The server's half of a stream: gathers deliveries into messages, counts credit, and gives signs
 * of life. Thread-safe; the observer is only used under the lock, since it is not.
 */
final class OutboundStream implements Subscriber {

  private final ServerCallStreamObserver<OutboundMessage> observer;
  private final Words words;
  private final Gathering gathering;
  private final @Nullable CreditAccount credit;
  private final Refusals refusals;
  private final ScheduledExecutorService timer;
  private final Duration heartbeatInterval;
  private final GrpcMetrics metrics;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private List<Delivery> gathered = new ArrayList<>();

  @GuardedBy("lock")
  private long gatheredBytes;

  @GuardedBy("lock")
  private boolean over;

  @GuardedBy("lock")
  private @Nullable ScheduledFuture<?> batchTimer;

  @GuardedBy("lock")
  private @Nullable ScheduledFuture<?> heartbeats;

  @GuardedBy("lock")
  private long lastSentNanos;

  /** Set once, after the subscription was opened; null before, and on a stream without one. */
  private volatile @Nullable Subscription subscription;

  /** Whether the subscription began before it was known here: the client is told later. */
  @GuardedBy("lock")
  private boolean begunEarly;

  /**
   * How the two kinds of stream word what they share.
   *
   * @param heartbeat the response with a heartbeat
   * @param drain the response with a drain
   */
  record Words(
      Function<StreamHeartbeat.Builder, Message> heartbeat,
      Function<Drain.Builder, Message> drain) {}

  OutboundStream(
      ServerCallStreamObserver<OutboundMessage> observer,
      Words words,
      Gathering gathering,
      @Nullable CreditAccount credit,
      StreamSurroundings surroundings) {
    this.observer = observer;
    this.words = words;
    this.gathering = gathering;
    this.credit = credit;
    this.refusals = surroundings.refusals();
    this.timer = surroundings.timer();
    this.heartbeatInterval = surroundings.settings().heartbeatInterval();
    this.metrics = surroundings.metrics();
  }

  /** The subscription whose deliveries these are. It gives none before, for want of a place. */
  void belongsTo(Subscription opened) {
    boolean begun;
    synchronized (lock) {
      subscription = opened;
      begun = begunEarly;
    }
    if (begun) {
      begin();
    }
    opened.resume();
  }

  @Override
  public boolean ready() {
    return subscription != null && observer.isReady() && (credit == null || credit.isLeft());
  }

  @Override
  public int room() {
    if (!observer.isReady()) {
      return 0;
    }
    return credit == null ? Integer.MAX_VALUE : credit.events();
  }

  @Override
  public void started() {
    synchronized (lock) {
      if (subscription == null) {
        begunEarly = true;
        return;
      }
    }
    begin();
  }

  /** Tells the client that the stream is open, and gives signs of life from now on. */
  void begin() {
    heartbeat();
    long millis = heartbeatInterval.toMillis();
    synchronized (lock) {
      if (!over) {
        heartbeats =
            timer.scheduleWithFixedDelay(
                this::heartbeatIfSilent, millis, millis, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void heartbeatIfSilent() {
    boolean silent;
    synchronized (lock) {
      silent = System.nanoTime() - lastSentNanos >= heartbeatInterval.toNanos() / 2;
    }
    // What is not read must not pile up.
    if (silent && observer.isReady()) {
      heartbeat();
    }
  }

  private void heartbeat() {
    StreamHeartbeat.Builder heartbeat =
        StreamHeartbeat.newBuilder().setTime(timestamp(Instant.now()));
    synchronized (lock) {
      sendGathered();
      ResumeToken position = position();
      if (position != null) {
        heartbeat.setResumeToken(ByteString.copyFrom(position.toBytes()));
      }
      send(words.heartbeat().apply(heartbeat));
    }
  }

  /**
   * Where to go on behind all that was sent. Only under the lock and with nothing gathered: then
   * whatever the subscription has given is sent, and what it is about to give waits for the lock.
   */
  @GuardedBy("lock")
  private @Nullable ResumeToken position() {
    Subscription opened = subscription;
    return opened == null ? null : opened.position();
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  @Override
  public void deliver(Delivery delivery) {
    if (credit != null) {
      credit.spend(delivery.event().size());
    }
    synchronized (lock) {
      // Not when the message becomes full: the token does not cover an event before it was given.
      if (gathered.size() >= gathering.maxEvents() || gatheredBytes >= Gathering.MAX_BYTES) {
        sendGathered();
      }
      gathered.add(delivery);
      gatheredBytes += delivery.event().size();
    }
  }

  @Override
  public void flush() {
    synchronized (lock) {
      boolean full = gathered.size() >= gathering.maxEvents();
      if (full || gathering.maxWait().isZero()) {
        sendGathered();
      } else if (!gathered.isEmpty() && batchTimer == null && !over) {
        batchTimer =
            timer.schedule(this::sendGathered, gathering.maxWait().toNanos(), TimeUnit.NANOSECONDS);
      }
    }
  }

  private void sendGathered() {
    synchronized (lock) {
      if (batchTimer != null) {
        batchTimer.cancel(false);
        batchTimer = null;
      }
      if (gathered.isEmpty() || over) {
        return;
      }
      List<Delivery> deliveries = gathered;
      metrics.delivered(deliveries.size(), gatheredBytes);
      gathered = new ArrayList<>();
      gatheredBytes = 0;
      lastSentNanos = System.nanoTime();
      observer.onNext(new OutboundMessage.Events(deliveries, position()));
    }
  }

  /** Sends anything but deliveries. */
  void send(Message message) {
    synchronized (lock) {
      if (!over) {
        lastSentNanos = System.nanoTime();
        observer.onNext(new OutboundMessage.Other(message));
      }
    }
  }

  /** Tells the client to go elsewhere until a time. */
  void drain(Instant deadline) {
    Drain.Builder drain = Drain.newBuilder().setDeadline(timestamp(deadline));
    synchronized (lock) {
      sendGathered();
      ResumeToken position = position();
      if (position != null) {
        drain.setResumeToken(ByteString.copyFrom(position.toBytes()));
      }
      send(words.drain().apply(drain));
    }
  }

  @Override
  public void ended(SubscriptionFault fault) {
    fail(refusals.of(fault));
  }

  /** Ends the stream with a status. */
  void fail(StatusRuntimeException status) {
    sendGathered();
    if (finish()) {
      observer.onError(status);
    }
  }

  /** Ends the stream well. */
  void complete() {
    sendGathered();
    if (finish()) {
      observer.onCompleted();
    }
  }

  /** The client is gone. */
  void abandon() {
    boolean unused = finish();
  }

  private boolean finish() {
    synchronized (lock) {
      if (over) {
        return false;
      }
      over = true;
      if (heartbeats != null) {
        heartbeats.cancel(false);
      }
      if (batchTimer != null) {
        batchTimer.cancel(false);
      }
      return true;
    }
  }
}
