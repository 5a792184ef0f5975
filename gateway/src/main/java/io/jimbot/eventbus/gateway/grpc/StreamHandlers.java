package io.jimbot.eventbus.gateway.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what the transport tells of a stream: ready for more, or gone. gRPC takes handlers only
 * before the stream is known. Thread-safe.
 */
final class StreamHandlers {

  /** Set once; null before the stream has a subscription. */
  private volatile @Nullable SubscriberStream stream;

  /** Set once by a stream without a subscription; told when the call is over. */
  private volatile @Nullable Runnable onGone;

  private volatile boolean gone;

  private final Runnable onReady;

  /**
   * Registers itself.
   *
   * @param onReady also told when the transport is ready for more
   */
  StreamHandlers(ServerCallStreamObserver<OutboundMessage> observer, Runnable onReady) {
    this.onReady = onReady;
    observer.setOnReadyHandler(this::ready);
    observer.setOnCancelHandler(this::cancelled);
    observer.setOnCloseHandler(this::cancelled);
  }

  void serve(SubscriberStream opened) {
    stream = opened;
    if (gone) {
      cancelled();
    } else {
      opened.resume();
    }
  }

  /** For a stream without a subscription: what to do when the call is over. */
  void onGone(Runnable action) {
    onGone = action;
    if (gone) {
      action.run();
    }
  }

  private void ready() {
    onReady.run();
    SubscriberStream opened = stream;
    if (opened != null) {
      opened.resume();
    }
  }

  private void cancelled() {
    gone = true;
    Runnable action = onGone;
    if (action != null) {
      action.run();
    }
    SubscriberStream opened = stream;
    if (opened != null) {
      opened.out().abandon();
      opened.close();
    }
  }
}
