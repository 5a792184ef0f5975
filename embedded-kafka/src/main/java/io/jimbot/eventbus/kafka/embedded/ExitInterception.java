package io.jimbot.eventbus.kafka.embedded;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Kafka from ending the JVM. A few places in the broker, a failed disk above all, call {@link
 * Exit} rather than a fault handler. That is one switch for the whole JVM, so while any broker runs
 * here, each running one is told and the thread that asked goes no further. Thread-safe.
 */
final class ExitInterception {

  /** Changed under the class's lock together with the switch; read by Kafka's threads without. */
  private static final Set<FatalFaults> RUNNING = new CopyOnWriteArraySet<>();

  private ExitInterception() {}

  /** Starts intercepting on behalf of a broker. */
  static synchronized void add(FatalFaults faults) {
    RUNNING.add(faults);
    Exit.setExitProcedure(ExitInterception::intercept);
    Exit.setHaltProcedure(ExitInterception::intercept);
  }

  /** Stops it; after the last broker, Kafka's clients in this JVM have their own way again. */
  static synchronized void remove(FatalFaults faults) {
    RUNNING.remove(faults);
    if (RUNNING.isEmpty()) {
      Exit.resetExitProcedure();
      Exit.resetHaltProcedure();
    }
  }

  private static void intercept(int status, @Nullable String message) {
    String said = message == null ? "its log says why" : message;
    EmbeddedKafkaException fault =
        FatalFaults.fault(
            "Kafka's thread %s asked to end the process with status %d: %s"
                .formatted(Thread.currentThread().getName(), status, said),
            null);
    RUNNING.forEach(faults -> faults.report(fault));
    throw fault;
  }
}
