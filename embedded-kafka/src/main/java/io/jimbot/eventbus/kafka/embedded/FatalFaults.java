package io.jimbot.eventbus.kafka.embedded;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaException.Reason;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the faults that Kafka would end the process for, and tells the owner of the broker of the
 * first one, on a thread of its own: so the owner may wait for Kafka's threads, for example by
 * closing the broker. Thread-safe.
 */
final class FatalFaults implements FaultHandlerFactory {

  private static final Logger LOG = LoggerFactory.getLogger(FatalFaults.class);

  private final Consumer<? super Throwable> owner;

  /** Set by the first fault or by the stop, whichever comes first; only that one passes. */
  private final AtomicBoolean settled = new AtomicBoolean();

  FatalFaults(Consumer<? super Throwable> owner) {
    this.owner = owner;
  }

  @Override
  public FaultHandler build(String name, boolean fatal, Runnable action) {
    if (!fatal) {
      return new LoggingFaultHandler(name, action);
    }
    return (message, cause) -> {
      EmbeddedKafkaException fault = fault(name + ": " + message, cause);
      action.run();
      report(fault);
      return fault;
    };
  }

  /** Logs the fault, and passes it on if it is the first and the broker is not being stopped. */
  void report(EmbeddedKafkaException fault) {
    if (!settled.compareAndSet(false, true)) {
      LOG.warn("A further fault, or one while stopping: {}", fault.getMessage(), fault);
      return;
    }
    LOG.error("Kafka cannot go on: {}", fault.getMessage(), fault);
    Thread teller = new Thread(() -> owner.accept(fault), "embedded-kafka-fault");
    teller.setDaemon(true);
    teller.start();
  }

  /** From now on faults are only logged. */
  void silence() {
    settled.set(true);
  }

  /** A fault of the broker's own. */
  static EmbeddedKafkaException fault(String message, @Nullable Throwable cause) {
    return new EmbeddedKafkaException(Reason.BROKER, message, cause);
  }
}
