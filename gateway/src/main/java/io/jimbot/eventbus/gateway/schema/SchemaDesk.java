package io.jimbot.eventbus.gateway.schema;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.proto.LossReport;
import io.jimbot.eventbus.proto.ProposedSchema;
import io.jimbot.eventbus.service.record.StoredEvent;
import io.jimbot.events.v1.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what a proposed schema would do to the last events of the log, one question at a time on
 * a thread of its owner's. Thread-safe.
 */
public final class SchemaDesk {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaDesk.class);

  private static final long MOST_BYTES = 64L * 1024 * 1024;

  private final String log;
  private final Duration patience;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Executor thread;

  /**
   * Does no I/O.
   *
   * @param patience how long the events are read for one question
   * @param consumers makes the consumer of one question
   * @param thread runs one task at a time; refuses when too many wait
   */
  public SchemaDesk(
      String log,
      Duration patience,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Executor thread) {
    this.log = log;
    this.patience = patience;
    this.consumers = consumers;
    this.thread = thread;
  }

  /**
   * Reads the last events by a schema: of at most 64 MiB, and those that can be had in the time. An
   * event that came again for one group is none of them.
   *
   * @param last how many events
   * @param examples how many of each kind of loss
   * @return fails with Kafka's own exception if it is away
   * @throws java.util.concurrent.RejectedExecutionException if too many questions wait
   */
  public CompletableFuture<WhatIf> whatIf(ProposedSchema schema, int last, int examples) {
    return CompletableFuture.supplyAsync(() -> answer(schema, last, examples), thread);
  }

  private WhatIf answer(ProposedSchema schema, int most, int examples) {
    LastEvents last = new LastEvents(most, MOST_BYTES);
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      boolean inTime = new BackwardReader(consumer, last, patience).read(log, most);
      return new WhatIf(report(schema, last.events(), examples), inTime && !last.isCutShort());
    }
  }

  private static LossReport report(ProposedSchema schema, List<StoredEvent> events, int examples) {
    LossReport report = new LossReport(examples);
    for (StoredEvent event : events) {
      try {
        report.add(Event.parseFrom(event.value()), schema.judge(event.value()));
      } catch (InvalidProtocolBufferException e) {
        LOG.debug("record is no event partition={} offset={}", event.partition(), event.offset());
      }
    }
    return report;
  }
}
