package io.jimbot.eventbus.processor;

import io.dropwizard.configuration.ConfigurationException;
import io.jimbot.eventbus.processor.deadletter.DeadLetterPart;
import io.jimbot.eventbus.processor.delay.DelayPart;
import io.jimbot.eventbus.processor.http.StatusHandler;
import io.jimbot.eventbus.processor.http.StatusServer;
import io.jimbot.eventbus.processor.kafka.KafkaClients;
import io.jimbot.eventbus.processor.kafka.Part;
import io.jimbot.eventbus.processor.kafka.PartMetrics;
import io.jimbot.eventbus.processor.kafka.PartReadiness;
import io.jimbot.eventbus.processor.kafka.ProcessorTopics;
import io.jimbot.eventbus.processor.kafka.StreamsRuntime;
import io.jimbot.eventbus.processor.replay.ReplayPart;
import io.jimbot.eventbus.processor.retention.RetentionPart;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.process.ProductVersion;
import io.jimbot.eventbus.service.process.Service;
import io.jimbot.eventbus.service.telemetry.SchemaRegistryMetrics;
import io.jimbot.eventbus.service.telemetry.Telemetry;
import io.jimbot.eventbus.wire.ValueFormat;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Event;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running processor: put together here and nowhere else, in the same way for tests, the
 * standalone program and the command line. Has no shutdown hook and leaves the logging alone.
 * Thread-safe; whoever starts it closes it.
 */
public final class ProcessorServer implements Service {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessorServer.class);

  private final ValueFormat values;
  private final List<PartRunner> parts;
  private final @Nullable StatusServer status;
  private final AtomicBoolean closing = new AtomicBoolean();

  private ProcessorServer(ProcessorConfiguration configuration, Telemetry telemetry)
      throws IOException, ConfigurationException {
    KafkaClients clients = new KafkaClients(configuration.kafka());
    ProcessorTopics topics = new ProcessorTopics(configuration.kafka());
    this.values = valueFormat(configuration);
    SchemaRegistryMetrics.watch(values, telemetry.registry());
    this.parts =
        parts(configuration, values, telemetry).stream()
            .map(
                part ->
                    new PartRunner(
                        part,
                        topics,
                        () -> clients.newAdmin("eventbus-processor-start-" + part.name())))
            .toList();
    this.status =
        configuration.http().enabled()
            ? new StatusServer(
                configuration.http(),
                new StatusHandler(
                    ProductVersion.read(),
                    this::readiness,
                    values::registry,
                    telemetry.exposition(),
                    System::nanoTime))
            : null;
  }

  /** What the processor writes that others read; what it copies stays as it is. */
  private static ValueFormat valueFormat(ProcessorConfiguration configuration) {
    KafkaTopics topics = configuration.kafka().topics();
    return ValueFormat.of(
        configuration.schemaRegistry(),
        Map.of(
            topics.events(), Event.getDefaultInstance(),
            topics.deadLetters(), DeadLetter.getDefaultInstance()));
  }

  /** What the processor does: one line for each part. */
  private static List<Part> parts(
      ProcessorConfiguration configuration, ValueFormat values, Telemetry telemetry)
      throws IOException, ConfigurationException {
    StreamsRuntime runtime =
        new StreamsRuntime(
            configuration.kafka(),
            configuration.streams(),
            values,
            new PartMetrics(telemetry.registry()));
    return List.of(
        new RetentionPart(configuration.retention(), runtime, telemetry.registry()),
        new ReplayPart(configuration.kafka(), configuration.replay(), telemetry.registry()),
        DelayPart.of(configuration.delay(), runtime, telemetry.registry()),
        DeadLetterPart.of(configuration.deadLetters(), runtime, telemetry.registry()));
  }

  /**
   * Starts a processor and returns soon; whether its parts work shows in {@link #readiness}.
   *
   * @throws Exception if the port cannot be had, or a file that the settings name cannot be used;
   *     nothing is left running then
   */
  public static ProcessorServer start(ProcessorConfiguration configuration) throws Exception {
    return start(configuration, new Telemetry());
  }

  static ProcessorServer start(ProcessorConfiguration configuration, Telemetry telemetry)
      throws Exception {
    ProcessorServer processor = new ProcessorServer(configuration, telemetry);
    if (processor.status != null) {
      processor.status.start();
    }
    processor.values.start();
    processor.parts.forEach(PartRunner::start);
    LOG.info(
        "processor started version={} http_port={} parts={}",
        ProductVersion.read(),
        processor.httpPort(),
        processor.parts.stream().map(PartRunner::name).toList());
    return processor;
  }

  /** The port of its HTTP; -1 if it serves none. */
  public int httpPort() {
    return status == null ? -1 : status.port();
  }

  /** Whether each part works, by its name. Cheap. */
  public Map<String, PartReadiness> readiness() {
    Map<String, PartReadiness> all = new TreeMap<>();
    for (PartRunner part : parts) {
      all.put(
          part.name(),
          closing.get() ? PartReadiness.notReady("the processor is stopping") : part.readiness());
    }
    return all;
  }

  /** Not ready, then the parts stop one after the other, each in bounded time. Callable twice. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    LOG.info("processor stopping");
    parts.forEach(PartRunner::close);
    values.close();
    if (status != null) {
      status.close();
    }
    LOG.info("processor stopped");
  }
}
