package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.kafka.FailedRecords;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.delay.DelayedRecordKind;
import io.jimbot.eventbus.service.record.HeaderTime;
import io.jimbot.events.v1.CancellationOutcome;
import io.jimbot.events.v1.CancellationReport;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.DelayedOccupancy;
import io.jimbot.events.v1.DelayedReport;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Keeps the delayed events of one partition; see {@link DelayTopology}. */
final class DelayProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);
  private static final long LONGEST_SILENCE_MILLIS = 30_000;

  /** A mark that has not come back by then is sent again. */
  private static final long MARK_PATIENCE_MILLIS = 5_000;

  /** So many events are put into the log between two looks at the topic, and committed. */
  private static final int MOST_AT_ONCE = 5_000;

  /** And so many bytes: all of them are in memory, and in one transaction. */
  private static final long MOST_BYTES_AT_ONCE = 8L * 1024 * 1024;

  private static final int MOST_FORGOTTEN = 10_000;
  private static final long NONE = Long.MIN_VALUE;

  private final DelayRules rules;
  private final FailedRecords failures;
  private final DelayWatch watch;

  @SuppressWarnings("NullAway.Init") // set by init
  private DelayStore store;

  private @Nullable Cancellable ticking;
  private @Nullable Cancellable reporting;
  private long markedMillis = NONE;

  /** Until when all is due by a mark that has come back, if not all of that is in the log yet. */
  private long owedMillis = NONE;

  private long reportedMillis = NONE;
  private boolean changed = true;

  DelayProcessor(DelayRules rules, FailedRecords failures, DelayWatch watch) {
    this.rules = rules;
    this.failures = failures;
    this.watch = watch;
  }

  @Override
  public void init(
      org.apache.kafka.streams.processor.api.ProcessorContext<byte[], byte[]> context) {
    super.init(context);
    markedMillis = NONE;
    owedMillis = NONE;
    store = new DelayStore(context.getStateStore(DelayTopology.STORE));
    ticking = context.schedule(rules.tick(), PunctuationType.WALL_CLOCK_TIME, this::tick);
    reporting = context.schedule(REPORT_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::report);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    switch (DelayedRecordKind.of(record.headers())) {
      case EVENT -> keep(record);
      case CANCEL -> cancel(record);
      case DUE -> deliver(HeaderTime.millis(orNone(record.value()), 0));
    }
  }

  private void keep(Record<byte[], byte[]> record) {
    Header due = record.headers().lastHeader(HeaderNames.DELIVER_AT);
    long dueMillis = due == null ? -1 : HeaderTime.millis(orNone(due.value()), -1);
    WaitingEvent event = new WaitingEvent(record.key(), record.value(), record.headers());
    if (dueMillis < 0) {
      refuse(
          record, DeadLetterReason.NO_DELIVERY_TIME, "a delayed event needs the header deliver-at");
    } else if (store.events() >= rules.maxEvents() || store.bytes() >= rules.maxBytes()) {
      refuse(
          record, DeadLetterReason.TOO_MANY_DELAYED, "as many events wait for their time as may");
    } else {
      store.add(
          new DelayStore.Entry(dueMillis, place().offset(), event), eventId(record.headers()));
      changed = true;
    }
  }

  private void refuse(Record<byte[], byte[]> record, DeadLetterReason reason, String message) {
    RecordMetadata place = place();
    FailedRecords.Origin origin =
        new FailedRecords.Origin(
            place.topic(),
            place.partition(),
            place.offset(),
            record.key(),
            record.value(),
            record.headers());
    ProducerRecord<byte[], byte[]> letter =
        failures.record(origin, DeadLetterStage.DEAD_LETTER_STAGE_PROCESS, reason, message);
    context()
        .forward(
            new Record<>(letter.key(), letter.value(), letter.timestamp(), letter.headers()),
            DelayTopology.LETTERS);
  }

  /** Answers every request, whether it finds something or not: each partition is asked. */
  private void cancel(Record<byte[], byte[]> request) {
    String eventId = new String(orNone(request.key()), UTF_8);
    int cancelled = store.removeAll(eventId);
    CancellationOutcome outcome = CancellationOutcome.CANCELLATION_OUTCOME_CANCELLED;
    if (cancelled > 0) {
      store.ended(eventId, outcome, now());
      watch.cancelled(cancelled);
      changed = true;
    } else {
      CancellationOutcome before = store.howEnded(eventId);
      outcome = before == null ? CancellationOutcome.CANCELLATION_OUTCOME_NOT_WAITING : before;
    }
    CancellationReport.Builder answer =
        CancellationReport.newBuilder()
            .setCancellationId(new String(orNone(request.value()), UTF_8))
            .setOutcome(outcome)
            .setCancelled(cancelled);
    send(newReport().setCancellation(answer));
    context().commit();
  }

  /** Puts what is due into the log. */
  private void deliver(long untilMillis) {
    markedMillis = NONE;
    long nowMillis = now();
    List<DelayStore.Entry> due = store.due(untilMillis, MOST_AT_ONCE, MOST_BYTES_AT_ONCE);
    for (DelayStore.Entry entry : due) {
      WaitingEvent event = entry.event();
      String eventId = eventId(event.headers());
      store.remove(entry.dueMillis(), entry.offset(), eventId);
      if (nowMillis >= expiry(event.headers())) {
        watch.expired();
      } else {
        context()
            .forward(
                new Record<>(event.key(), event.value(), nowMillis, event.headers()),
                DelayTopology.LOG);
        watch.delivered(nowMillis - entry.dueMillis());
      }
      store.ended(eventId, CancellationOutcome.CANCELLATION_OUTCOME_TOO_LATE, nowMillis);
    }
    owedMillis = store.nextDueMillis() <= untilMillis ? untilMillis : NONE;
    if (!due.isEmpty()) {
      changed = true;
      // Until then nobody gets what comes behind them in the log.
      context().commit();
    }
  }

  private void tick(long nowMillis) {
    if (owedMillis != NONE) {
      deliver(owedMillis);
      return;
    }
    boolean awaited = markedMillis != NONE && nowMillis - markedMillis < MARK_PATIENCE_MILLIS;
    if (!awaited && store.nextDueMillis() <= nowMillis) {
      markedMillis = nowMillis;
      RecordHeaders headers = new RecordHeaders();
      headers.add(DelayedRecordKind.DUE.header());
      context()
          .forward(
              new Record<>(
                  DelayTopology.markKey(context().taskId().partition()),
                  HeaderTime.of(nowMillis),
                  nowMillis,
                  headers),
              DelayTopology.MARKS);
      context().commit();
    }
  }

  private void report(long nowMillis) {
    store.forget(nowMillis - rules.memory().toMillis(), MOST_FORGOTTEN);
    watch.waiting(context().taskId().partition(), store.events(), store.bytes());
    if (changed || nowMillis - reportedMillis >= LONGEST_SILENCE_MILLIS) {
      send(
          newReport()
              .setOccupancy(
                  DelayedOccupancy.newBuilder().setEvents(store.events()).setBytes(store.bytes())));
      changed = false;
      reportedMillis = nowMillis;
    }
  }

  private DelayedReport.Builder newReport() {
    long nowMillis = now();
    return DelayedReport.newBuilder()
        .setPartition(context().taskId().partition())
        .setTime(
            Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(nowMillis, 1_000L))
                .setNanos((int) Math.floorMod(nowMillis, 1_000L) * 1_000_000));
  }

  private void send(DelayedReport.Builder report) {
    byte[] key = DelayTopology.markKey(context().taskId().partition());
    context()
        .forward(new Record<>(key, report.build().toByteArray(), now()), DelayTopology.REPORTS);
  }

  private long now() {
    return context().currentSystemTimeMs();
  }

  private RecordMetadata place() {
    return context()
        .recordMetadata()
        .orElseThrow(() -> new IllegalStateException("a record comes from a topic"));
  }

  private static String eventId(Headers headers) {
    Header id = headers.lastHeader(HeaderNames.EVENT_ID);
    return id == null ? "" : new String(orNone(id.value()), UTF_8);
  }

  private static long expiry(Headers headers) {
    Header expiry = headers.lastHeader(HeaderNames.EXPIRES_AT);
    return expiry == null
        ? Long.MAX_VALUE
        : HeaderTime.millis(orNone(expiry.value()), Long.MAX_VALUE);
  }

  private static byte[] orNone(byte @Nullable [] bytes) {
    return bytes == null ? new byte[0] : bytes;
  }

  @Override
  public void close() {
    watch.waiting(context().taskId().partition(), 0, 0);
    if (ticking != null) {
      ticking.cancel();
    }
    if (reporting != null) {
      reporting.cancel();
    }
  }
}
